// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.debug;

import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Remembers what identities stand for, which the kernel does not need to know but people do. Apply-loop thread only. */
public final class IdentityTable implements Manager {
    private final Map<String, Identity> identities = new HashMap<>();
    private final Map<String, AddressIdentity> addresses = new HashMap<>();

    @Override
    public String name() {
        return "identity-table";
    }

    @Override
    public Priority priority() {
        return Priority.REST;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.IDENTITIES, Table.ADDRESSES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        change.removes(Table.IDENTITIES).forEach(identities::remove);
        change.removes(Table.ADDRESSES).forEach(addresses::remove);
        identities.putAll(change.upserts(Table.IDENTITIES));
        addresses.putAll(change.upserts(Table.ADDRESSES));
    }

    @Override
    public Applied apply(Slice slice) {
        return Applied.done();
    }

    /** Sorted by number; each with its labels and the addresses that have it. */
    public TableView rows() {
        var places = new TreeMap<Integer, List<String>>();
        addresses.values().stream()
                .sorted((a, b) -> addressOf(a).compareTo(addressOf(b)))
                .forEach(address -> places.merge(
                        address.getIdentity(),
                        List.of(addressOf(address) + " on " + address.getNode()),
                        IdentityTable::joined));
        var labels = new TreeMap<Integer, List<String>>();
        places.keySet().forEach(number -> labels.put(number, List.of()));
        identities.values().forEach(identity -> labels.put(identity.getNumber(), labelsOf(identity)));
        var view = TableView.columns("identity", "labels", "addresses");
        labels.forEach((number, all) -> view.row(number, all, places.getOrDefault(number, List.of())));
        return view.build();
    }

    private static Address addressOf(AddressIdentity item) {
        return Address.of(item.getAddress());
    }

    private static List<String> labelsOf(Identity identity) {
        return new TreeMap<>(identity.getLabelsMap())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .toList();
    }

    private static List<String> joined(List<String> some, List<String> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
