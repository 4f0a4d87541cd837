// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceRef;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which Lease is which Service's. Names are Cilium's, {@code cilium-l2announce-<namespace>-<name>}; two Services can come to the
 * same one ({@code a-b/c} and {@code a/b-c}), of which the second gets a name with a checksum.
 */
final class Leases {
    private static final String PREFIX = "cilium-l2announce-";

    private final Map<String, LeaseView> byName = new HashMap<>();
    private final Map<ServiceRef, LeaseView> byService = new HashMap<>();
    private final Set<String> given = new HashSet<>();

    Leases(List<LeaseView> leases) {
        for (var lease : leases) {
            byName.put(lease.name(), lease);
            lease.assignment().ifPresent(ours -> byService.put(ours.service(), lease));
        }
    }

    /** Its own, or somebody else's that has its name; null if there is none. */
    @Nullable
    LeaseView of(ServiceRef service) {
        var own = byService.get(service);
        if (own != null) {
            return own;
        }
        var named = byName.get(name(service));
        return named == null || named.assignment().isPresent() ? null : named;
    }

    /** The name of the Service's Lease, whether it exists or not. Asked in the order of Services. */
    String give(ServiceRef service) {
        var own = byService.get(service);
        var name = own != null ? own.name() : name(service);
        if (own == null && (byName.containsKey(name) || given.contains(name))) {
            name = name + "-" + checksum(service);
        }
        given.add(name);
        return name;
    }

    private static String name(ServiceRef service) {
        return PREFIX + service.namespace() + "-" + service.name();
    }

    private static String checksum(ServiceRef service) {
        var sum = new CRC32();
        sum.update(service.toString().getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(sum.getValue());
    }
}
