// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.reconcile.OwnedMap;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Fills map {@code addresses}: whose an address is, and behind which node. Pods' addresses come one by one; a pod range and
 * the whole cluster's range have identity 0, so an address in them that nobody has told of is dropped rather than taken for
 * the world's. Blocks that policy tells apart from the rest of the world are rows too.
 */
public final class AddressManager implements Manager, BlockRows {
    private static final int HOST = 1;
    private static final int REMOTE_NODE = 6;
    private static final int UNKNOWN = 0;
    private static final int NO_TUNNEL = 0;
    /** Owners of blocks' rows: after all items. */
    private static final String BLOCKS = "policy_blocks";
    /** Stands for what the configuration asks for: before all items. */
    private static final ItemKey CONFIGURATION = new ItemKey("configuration", "cluster_range");
    /** A node's own address is the node's, whoever else claims it. */
    private static final Comparator<ItemKey> ORDER = Comparator.<ItemKey, Boolean>comparing(
                    key -> !key.table().equals(Table.NODES.name()))
            .thenComparing(Comparator.naturalOrder());

    private final String node;
    private final OwnedMap<PrefixKey, Peer> rows;
    private final Map<String, Integer> tunnels = new HashMap<>();
    private final Map<String, AddressIdentity> addresses = new HashMap<>();
    private final Map<String, Set<String>> addressesByNode = new HashMap<>();
    private final Map<String, List<PrefixKey>> podRanges = new HashMap<>();
    private final Map<PrefixKey, Integer> blocks = new HashMap<>();
    private final PrefixKey clusterRange;
    private boolean inSync;

    /** @param map loaded with what the kernel holds */
    public AddressManager(NodeNetwork network, ReconciledMap<PrefixKey, Peer> map) {
        this.node = network.node().name();
        this.rows = new OwnedMap<>(map, ORDER);
        var range = network.clusterRange();
        this.clusterRange = PrefixKey.of(range.address(), range.bits());
        rows.set(CONFIGURATION, Map.of(clusterRange, new Peer(UNKNOWN, NO_TUNNEL)));
        map.kernel().forEach((prefix, peer) -> {
            if (peer.identity() >= FIRST_LOCAL_IDENTITY) {
                blocks.put(prefix, peer.identity());
                place(prefix);
            }
        });
    }

    @Override
    public Map<PrefixKey, Integer> adopted() {
        return Map.copyOf(blocks);
    }

    @Override
    public Optional<MapFailure<PrefixKey>> put(PrefixKey block, int identity) {
        blocks.put(block, identity);
        place(block);
        return rows.applyNow(block);
    }

    @Override
    public Optional<MapFailure<PrefixKey>> remove(PrefixKey block) {
        blocks.remove(block);
        place(block);
        return rows.applyNow(block);
    }

    @Override
    public String name() {
        return "addresses";
    }

    @Override
    public Priority priority() {
        return Priority.WITHDRAWAL;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.NODES, Table.ADDRESSES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        inSync = change.inSync();
        change.removes(Table.ADDRESSES).forEach(this::removeAddress);
        change.removes(Table.NODES).forEach(this::removeNode);
        change.upserts(Table.NODES).forEach(this::setNode);
        change.upserts(Table.ADDRESSES).forEach(this::setAddress);
    }

    @Override
    public Applied apply(Slice slice) {
        return rows.apply(slice, inSync);
    }

    /** A block within pods' ranges would give their unknown addresses an identity. */
    private void place(PrefixKey block) {
        var identity = blocks.get(block);
        boolean ofPods = clusterRange.contains(block)
                || podRanges.values().stream().flatMap(List::stream).anyMatch(range -> range.contains(block));
        rows.set(
                new ItemKey(BLOCKS, block.toString()),
                identity == null || ofPods ? Map.of() : Map.of(block, new Peer(identity, NO_TUNNEL)));
    }

    private void setPodRanges(String name, List<PrefixKey> ranges) {
        if (!ranges.equals(podRanges.put(name, ranges))) {
            blocks.keySet().forEach(this::place);
        }
    }

    private void setNode(String name, Node item) {
        var own = name.equals(node);
        var tunnel = own
                ? NO_TUNNEL
                : LocalNode.internalAddressOf(item).map(Address::ipv4).orElse(NO_TUNNEL);
        var wanted = new LinkedHashMap<PrefixKey, Peer>();
        item.getPodRangesList().stream()
                .flatMap(LocalNode::rangeOf)
                .forEach(range -> wanted.put(PrefixKey.of(range.address(), range.bits()), new Peer(UNKNOWN, tunnel)));
        setPodRanges(name, List.copyOf(wanted.keySet()));
        LocalNode.addressesOf(item)
                .forEach(address -> wanted.put(PrefixKey.of(address), new Peer(own ? HOST : REMOTE_NODE, tunnel)));
        rows.set(Table.NODES.item(name), wanted);
        var before = tunnels.put(name, tunnel);
        if (before == null || before != tunnel) {
            placeAddressesOf(name);
        }
    }

    private void removeNode(String name) {
        rows.remove(Table.NODES.item(name));
        tunnels.remove(name);
        setPodRanges(name, List.of());
        placeAddressesOf(name);
    }

    private void setAddress(String key, AddressIdentity item) {
        forget(key);
        addresses.put(key, item);
        addressesByNode.computeIfAbsent(item.getNode(), _ -> new HashSet<>()).add(key);
        place(key, item);
    }

    private void removeAddress(String key) {
        forget(key);
        rows.remove(Table.ADDRESSES.item(key));
    }

    private void forget(String key) {
        var before = addresses.remove(key);
        if (before != null) {
            addressesByNode.computeIfPresent(before.getNode(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    private void placeAddressesOf(String name) {
        addressesByNode
                .getOrDefault(name, Set.of())
                .forEach(key -> place(key, Objects.requireNonNull(addresses.get(key))));
    }

    /** Without its node an address can't be reached: it has no row, so its pod range decides and its packets are dropped. */
    private void place(String key, AddressIdentity item) {
        var tunnel = tunnels.get(item.getNode());
        if (tunnel == null) {
            rows.remove(Table.ADDRESSES.item(key));
        } else {
            var address = PrefixKey.of(Address.of(item.getAddress()));
            rows.set(Table.ADDRESSES.item(key), Map.of(address, new Peer(item.getIdentity(), tunnel)));
        }
    }
}
