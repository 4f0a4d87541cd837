// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.Holder;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeReport.Link;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes may hold a group's addresses. What a silent node last said stands; one that has said nothing since we started
 * is judged by what its Lease says of it.
 */
final class Eligibility {
    private final List<NodeView> nodes;
    private final Map<String, NodeReport> reports;
    private final Map<ServiceRef, List<BackendNodes>> backends;

    Eligibility(List<NodeView> nodes, Map<String, NodeReport> reports, Map<ServiceRef, List<BackendNodes>> backends) {
        this.nodes = nodes;
        this.reports = reports;
        this.backends = backends;
    }

    /** By node. @param before what the group's Lease says */
    SortedMap<String, Candidate> candidates(ServiceGroup group, GroupLease before) {
        var local = localNodes(group);
        var candidates = new TreeMap<String, Candidate>();
        for (var node : nodes) {
            var holders = new TreeMap<IPAddress, Holder>();
            group.addresses()
                    .forEach((address, policies) ->
                            holder(node, address, policies, before).ifPresent(holder -> holders.put(address, holder)));
            if (holders.size() == group.addresses().size()) {
                boolean serves = local.stream().allMatch(set -> set.contains(node.name()))
                        && (!group.gateway() || (node.ready() && envoyReady(node.name(), before)));
                candidates.put(node.name(), new Candidate(node.name(), holders, serves, node.ready()));
            }
        }
        return candidates;
    }

    /** Whether any node is selected for every address, whatever its links: tells why there is no candidate. */
    boolean selectsSome(ServiceGroup group) {
        return nodes.stream()
                .anyMatch(node -> group.addresses().values().stream()
                        .allMatch(policies -> policies.stream().anyMatch(policy -> policy.selects(node))));
    }

    private Optional<Holder> holder(NodeView node, IPAddress address, List<Policy> policies, GroupLease before) {
        var selecting = policies.stream().filter(policy -> policy.selects(node)).toList();
        var report = reports.get(node.name());
        if (report == null || report.links().isEmpty()) {
            return before.holder(address, node.name()).flatMap(holder -> limited(holder, selecting));
        }
        var links = report.links().stream()
                .filter(Link::up)
                .filter(link -> link.address().isIPv4())
                .filter(link -> selectsLink(selecting, link.name()))
                .sorted(Comparator.comparing(Link::name))
                .toList();
        return links.isEmpty()
                ? Optional.empty()
                : Optional.of(new Holder(
                        node.name(),
                        links.getFirst().address(),
                        links.stream().map(Link::name).distinct().toList()));
    }

    private static Optional<Holder> limited(Holder holder, List<Policy> policies) {
        var interfaces = holder.interfaces().stream()
                .filter(link -> selectsLink(policies, link))
                .toList();
        return interfaces.isEmpty()
                ? Optional.empty()
                : Optional.of(new Holder(holder.node(), holder.nodeAddress(), interfaces));
    }

    private static boolean selectsLink(List<Policy> policies, String link) {
        return policies.stream().anyMatch(policy -> policy.selectsLink(link));
    }

    private boolean envoyReady(String node, GroupLease before) {
        @Nullable NodeReport report = reports.get(node);
        return report == null ? before.nodes().contains(node) : report.envoyReady();
    }

    /**
     * For each Service that is served only where its backends are, the nodes where they are: ready ones, else those that still
     * serve while they terminate. Without any, every node serves it equally badly, and the address stays where it is.
     */
    private List<Set<String>> localNodes(ServiceGroup group) {
        return group.members().stream()
                .map(Coverage::service)
                .filter(service -> service.local())
                .map(service -> backends.getOrDefault(service.ref(), List.of()))
                .flatMap(slices -> Stream.of(union(slices, true), union(slices, false))
                        .filter(set -> !set.isEmpty())
                        .limit(1))
                .toList();
    }

    private static Set<String> union(List<BackendNodes> slices, boolean ready) {
        var all = new HashSet<String>();
        slices.forEach(slice -> all.addAll(ready ? slice.ready() : slice.serving()));
        return all;
    }
}
