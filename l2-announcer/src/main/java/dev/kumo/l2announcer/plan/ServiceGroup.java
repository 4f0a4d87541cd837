// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Services that share addresses, directly or by way of others: they move together. @param members sorted by Service */
record ServiceGroup(List<Coverage> members) {
    ServiceGroup {
        members = List.copyOf(members);
    }

    /** The connected parts; sorted by their first Service. @param covered by Service */
    static List<ServiceGroup> of(SortedMap<ServiceRef, Coverage> covered) {
        var groupOf = new HashMap<IPAddress, List<Coverage>>();
        var groups = new ArrayList<List<Coverage>>();
        for (var coverage : covered.values()) {
            if (coverage.addresses().isEmpty()) {
                continue;
            }
            var joined = new ArrayList<Coverage>(List.of(coverage));
            for (var address : coverage.addresses().keySet()) {
                var other = groupOf.get(address);
                if (other != null && groups.remove(other)) {
                    joined.addAll(other);
                }
            }
            groups.add(joined);
            joined.forEach(member -> member.addresses().keySet().forEach(address -> groupOf.put(address, joined)));
        }
        return groups.stream()
                .map(ServiceGroup::sorted)
                .sorted(ServiceGroup::compare)
                .toList();
    }

    private static ServiceGroup sorted(Collection<Coverage> members) {
        var byRef = new TreeMap<ServiceRef, Coverage>();
        members.forEach(member -> byRef.put(member.service().ref(), member));
        return new ServiceGroup(List.copyOf(byRef.values()));
    }

    private static int compare(ServiceGroup one, ServiceGroup other) {
        return one.first().compareTo(other.first());
    }

    ServiceRef first() {
        return members.getFirst().service().ref();
    }

    boolean stays() {
        return members.stream().anyMatch(Coverage::stays);
    }

    /** By address all policies that name it for one of the Services. */
    SortedMap<IPAddress, List<Policy>> addresses() {
        var all = new TreeMap<IPAddress, List<Policy>>();
        members.forEach(member -> member.addresses().forEach((address, policies) -> {
            var merged = all.computeIfAbsent(address, _ -> new ArrayList<>());
            policies.stream().filter(policy -> !merged.contains(policy)).forEach(merged::add);
        }));
        return all;
    }

    boolean gateway() {
        return members.stream().anyMatch(member -> member.service().gateway());
    }

    @Override
    public String toString() {
        return String.join(
                ", ",
                members.stream()
                        .map(member -> member.service().ref().toString())
                        .toList());
    }
}
