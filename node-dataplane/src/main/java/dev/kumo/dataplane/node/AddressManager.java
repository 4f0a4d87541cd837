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
import dev.kumo.dataplane.reconcile.OwnedMap;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Fills map {@code addresses}: whose an address is, and behind which node. Pods' addresses come one by one; a pod range and
 * the whole cluster's range have identity 0, so an address in them that nobody has told of is dropped rather than taken for
 * the world's.
 */
public final class AddressManager implements Manager {
    private static final int HOST = 1;
    private static final int REMOTE_NODE = 6;
    private static final int UNKNOWN = 0;
    private static final int NO_TUNNEL = 0;
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
    private boolean inSync;

    /** @param map loaded with what the kernel holds */
    public AddressManager(NodeNetwork network, ReconciledMap<PrefixKey, Peer> map) {
        this.node = network.node().name();
        this.rows = new OwnedMap<>(map, ORDER);
        var range = network.clusterRange();
        rows.set(CONFIGURATION, Map.of(PrefixKey.of(range.address(), range.bits()), new Peer(UNKNOWN, NO_TUNNEL)));
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

    private void setNode(String name, Node item) {
        var own = name.equals(node);
        var tunnel = own
                ? NO_TUNNEL
                : LocalNode.internalAddressOf(item).map(Address::ipv4).orElse(NO_TUNNEL);
        var wanted = new LinkedHashMap<PrefixKey, Peer>();
        item.getPodRangesList().stream()
                .flatMap(LocalNode::rangeOf)
                .forEach(range -> wanted.put(PrefixKey.of(range.address(), range.bits()), new Peer(UNKNOWN, tunnel)));
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
