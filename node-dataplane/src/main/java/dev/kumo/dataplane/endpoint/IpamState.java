// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ipam.json} holds. Immutable.
 *
 * @param allocated owner → address
 * @param released address (as text) → when it was given back, milliseconds since 1970
 * @param last the address given out last: the next search begins behind it, so addresses rest as long as possible
 */
@RegisterForReflection
public record IpamState(
        Map<String, Address> allocated,
        Map<String, Long> released,
        @Nullable Address last) {
    static final IpamState EMPTY = new IpamState(Map.of(), Map.of(), null);

    public IpamState {
        allocated = Collections.unmodifiableMap(new TreeMap<>(allocated));
        released = Collections.unmodifiableMap(new TreeMap<>(released));
    }

    Optional<Address> find(String owner) {
        return Optional.ofNullable(allocated.get(owner));
    }

    IpamState with(String owner, Address address) {
        var more = new TreeMap<>(allocated);
        more.put(owner, address);
        return new IpamState(more, released, address);
    }

    IpamState without(String owner, long now) {
        var fewer = new TreeMap<>(allocated);
        var resting = new TreeMap<>(released);
        var address = fewer.remove(owner);
        if (address != null) {
            resting.put(address.toString(), now);
        }
        return new IpamState(fewer, resting, last);
    }

    /** Without the addresses that were given back before a moment. */
    IpamState rested(long before) {
        var resting = new TreeMap<>(released);
        resting.values().removeIf(at -> at <= before);
        return resting.size() == released.size() ? this : new IpamState(allocated, resting, last);
    }
}
