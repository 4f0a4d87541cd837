// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.state.StateFile;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives the node's pods their addresses, from Node.spec.podCIDRs. Each allocation is on disk before it is told; an address
 * that was given back rests for 30 seconds, so that no one mistakes its next owner for the last one. Any thread; blocks for
 * a write to disk.
 */
public final class Ipam {
    static final Duration REST = Duration.ofSeconds(30);
    private static final String POD = "pod:";
    private static final String NODE = "node:";

    private final StateFile<IpamState> file;
    private final Clock clock;
    private final Set<Address> occupied = new HashSet<>();
    /** Key of a feed's item → the address in our ranges that it speaks of. */
    private final Map<String, Address> spokenOf = new HashMap<>();

    private IpamState state;
    private PodRanges ranges = new PodRanges(List.of());

    private Ipam(StateFile<IpamState> file, Clock clock, IpamState state) {
        this.file = file;
        this.clock = clock;
        this.state = state;
    }

    /** A file that cannot be read is set aside; {@link EndpointRestore} finds again what can be found. */
    public static Ipam open(Path path, Clock clock) {
        var file = new StateFile<>(path, new TypeReference<IpamState>() {});
        return new Ipam(file, clock, file.readOrSetAside().orElse(IpamState.EMPTY));
    }

    /** Says where addresses come from; those that are out stay valid, wherever they are. */
    public synchronized void setRanges(List<Range> podRanges) {
        ranges = new PodRanges(podRanges);
    }

    /**
     * An address for an interface; the same one if it has one.
     *
     * @throws EndpointException POOL_UNKNOWN or POOL_EXHAUSTED
     */
    public Address allocate(Attachment owner) {
        return allocate(POD + owner);
    }

    /** An address for the node itself, such as {@code router} or {@code ingress}; kept for ever. Throws as {@link #allocate}. */
    public Address reserve(String purpose) {
        return allocate(NODE + purpose);
    }

    /** Others take an address for somebody's: it isn't given out before {@link #forget}, even if it is ours and free. */
    synchronized void note(String key, Address address) {
        if (ranges.indexOf(address) >= 0) {
            spokenOf.put(key, address);
        }
    }

    synchronized void forget(String key) {
        spokenOf.remove(key);
    }

    /** Never gives out an address that something unknown uses; holds until this process ends. */
    public synchronized void occupy(Address address) {
        occupied.add(address);
    }

    /** Notes that an interface has an address; it was found running, whatever is on disk. */
    public synchronized void adopt(Attachment owner, Address address) {
        if (!state.find(POD + owner).filter(address::equals).isPresent()) {
            save(state.with(POD + owner, address));
        }
    }

    /** Gives an address back; nothing happens if the interface has none. */
    public synchronized void release(Attachment owner) {
        if (state.find(POD + owner).isPresent()) {
            save(state.without(POD + owner, clock.millis()));
        }
    }

    public synchronized Optional<Address> find(Attachment owner) {
        return state.find(POD + owner);
    }

    /** Interfaces that have an address. */
    public synchronized Set<Attachment> owners() {
        return state.allocated().keySet().stream()
                .filter(owner -> owner.startsWith(POD))
                .map(Ipam::attachment)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why no address can be had now; empty if there is one. */
    public synchronized Optional<EndpointException> refusal() {
        try {
            search();
            return Optional.empty();
        } catch (EndpointException e) {
            return Optional.of(e);
        }
    }

    private synchronized Address allocate(String owner) {
        var own = state.find(owner);
        if (own.isPresent()) {
            return own.get();
        }
        var address = search();
        save(state.rested(clock.millis() - REST.toMillis()).with(owner, address));
        return address;
    }

    private Address search() {
        int size = ranges.size();
        if (size == 0) {
            throw new EndpointException(Reason.POOL_UNKNOWN, "the node has no IPv4 pod range yet");
        }
        var taken = new HashSet<>(state.allocated().values());
        taken.addAll(occupied);
        taken.addAll(spokenOf.values());
        state.rested(clock.millis() - REST.toMillis()).released().keySet().forEach(text -> taken.add(Address.of(text)));
        int start = ranges.indexOf(state.last()) + 1;
        for (int i = 0; i < size; i++) {
            var address = ranges.at((start + i) % size);
            if (!taken.contains(address)) {
                return address;
            }
        }
        throw new EndpointException(
                Reason.POOL_EXHAUSTED,
                "none of %d addresses is free (%d in use, the others rest or are still known elsewhere)"
                        .formatted(size, state.allocated().size() + occupied.size()));
    }

    private void save(IpamState next) {
        file.write(next);
        state = next;
    }

    private static Attachment attachment(String owner) {
        int slash = owner.indexOf('/');
        return new Attachment(owner.substring(POD.length(), slash), owner.substring(slash + 1));
    }
}
