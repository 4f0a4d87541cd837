// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What policy-service says of one class, with outside peers still as blocks. An address's peer is the longest block of the
 * class that holds it, in each direction by itself, and the world if none does. Blocks of IPv6 are left out: no packet here
 * has such a peer, and short ones would seem to hold IPv4's. Immutable.
 */
final class ClassRules {
    /** Of outside addresses that no block of the class holds. */
    static final int WORLD = 2;

    private static final int ANY = 0;
    private static final int IPV4_BITS = 96;

    private final int flags;
    private final Map<PolicyKey, PolicyEntry> named;
    /** By direction and block; the keys have identity 0, to be filled in. */
    private final Map<FlowDirection, Map<PrefixKey, Map<PolicyKey, PolicyEntry>>> blocks;

    private final Map<FlowDirection, Map<PolicyKey, PolicyEntry>> world;

    private ClassRules(
            int flags,
            Map<PolicyKey, PolicyEntry> named,
            Map<FlowDirection, Map<PrefixKey, Map<PolicyKey, PolicyEntry>>> blocks) {
        this.flags = flags;
        this.named = named;
        this.blocks = blocks;
        this.world = new EnumMap<>(FlowDirection.class);
        for (var direction : FlowDirection.values()) {
            world.put(
                    direction,
                    named.entrySet().stream()
                            .filter(entry -> entry.getKey().identity() == WORLD
                                    && entry.getKey().direction() == direction.ordinal())
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        }
    }

    static ClassRules of(dev.kumo.contract.policy.v1.PolicyClass item) {
        var named = new HashMap<PolicyKey, PolicyEntry>();
        var blocks = new EnumMap<FlowDirection, Map<PrefixKey, Map<PolicyKey, PolicyEntry>>>(FlowDirection.class);
        for (var entry : item.getEntriesList()) {
            var verdict = new PolicyEntry(entry.getDeny() ? PolicyEntry.DENY : 0, entry.getSlot());
            if (!entry.hasCidr()) {
                named.put(key(entry.hasIdentity() ? entry.getIdentity() : ANY, entry), verdict);
            } else if (isIpv4(entry.getCidr())) {
                blocks.computeIfAbsent(direction(entry.getDirection()), _ -> new HashMap<>())
                        .computeIfAbsent(block(entry.getCidr()), _ -> new HashMap<>())
                        .put(key(ANY, entry), verdict);
            }
        }
        int flags = (item.getEnforceIngress() ? PolicyClass.ENFORCE_INGRESS : 0)
                | (item.getEnforceEgress() ? PolicyClass.ENFORCE_EGRESS : 0);
        return new ClassRules(flags, Collections.unmodifiableMap(named), blocks);
    }

    /** As in {@link PolicyClass}. */
    int flags() {
        return flags;
    }

    Set<PrefixKey> blocks() {
        return blocks.values().stream()
                .flatMap(ofDirection -> ofDirection.keySet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The class's map on a node.
     *
     * @param identities of all blocks that the node tells apart, the class's own among them
     */
    Map<PolicyKey, PolicyEntry> entries(Map<PrefixKey, Integer> identities) {
        var entries = new HashMap<>(named);
        for (var direction : FlowDirection.values()) {
            var own = blocks.getOrDefault(direction, Map.of());
            var lengths =
                    own.keySet().stream().map(PrefixKey::prefixLength).collect(Collectors.toCollection(TreeSet::new));
            identities.forEach((block, identity) -> holder(block, own, lengths, direction)
                    .forEach((key, verdict) -> entries.put(key.withIdentity(identity), verdict)));
        }
        return entries;
    }

    /** The rules for a block: those of the longest block of the class that holds it. */
    private Map<PolicyKey, PolicyEntry> holder(
            PrefixKey block,
            Map<PrefixKey, Map<PolicyKey, PolicyEntry>> own,
            TreeSet<Integer> lengths,
            FlowDirection direction) {
        for (int length : lengths.headSet(block.prefixLength(), true).descendingSet()) {
            var found = own.get(block.truncate(length));
            if (found != null) {
                return found;
            }
        }
        return world.getOrDefault(direction, Map.of());
    }

    private static PolicyKey key(int identity, dev.kumo.contract.policy.v1.PolicyEntry entry) {
        var direction = direction(entry.getDirection());
        return entry.getProtocol() == 0
                ? PolicyKey.of(identity, direction)
                : PolicyKey.of(identity, direction, entry.getProtocol(), entry.getPort(), entry.getPortPrefixLength());
    }

    static FlowDirection direction(Direction direction) {
        return switch (direction) {
            case DIRECTION_INGRESS -> FlowDirection.INGRESS;
            case DIRECTION_EGRESS -> FlowDirection.EGRESS;
            case DIRECTION_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("not a direction: " + direction);
        };
    }

    private static boolean isIpv4(Prefix prefix) {
        return prefix.getLength() >= IPV4_BITS
                && Address.of(prefix.getAddress()).isIpv4();
    }

    private static PrefixKey block(Prefix prefix) {
        return new PrefixKey(prefix.getLength(), Address.of(prefix.getAddress()));
    }
}
