// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static dev.kumo.policy.plan.rule.NaiveLists.items;

import dev.kumo.policy.crd.CidrRule;
import dev.kumo.policy.crd.Entity;
import dev.kumo.policy.crd.ServiceReference;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Whether a party is among the peers of one element. */
record NaivePeers(
        List<LabelSelector> endpoints,
        List<String> cidr,
        List<CidrRule> cidrSet,
        List<Entity> entities,
        List<ServiceReference> services,
        String namespace) {
    boolean contain(NaiveEvaluator.Flow flow, boolean everybodyIfAbsent) {
        var lists = Stream.of(endpoints, cidr, cidrSet, entities, services)
                .filter(list -> list != null)
                .toList();
        if (lists.isEmpty()) {
            return everybodyIfAbsent;
        }
        if (lists.stream().anyMatch(List::isEmpty)) {
            return false;
        }
        return items(endpoints).stream().anyMatch(selector -> selectsPeer(selector, flow.peer()))
                || items(entities).stream().anyMatch(entity -> isEntity(entity, flow.peer()))
                || items(cidr).stream().anyMatch(block -> inBlock(flow.peer(), block, List.of()))
                || items(cidrSet).stream().anyMatch(set -> inSet(flow.peer(), set))
                || items(services).stream().anyMatch(service -> behind(service, flow.peer()));
    }

    private boolean selectsPeer(LabelSelector selector, World.Party peer) {
        var keys = new ArrayList<String>();
        if (selector.getMatchLabels() != null) {
            keys.addAll(selector.getMatchLabels().keySet());
        }
        items(selector.getMatchExpressions()).forEach(expression -> keys.add(expression.getKey()));
        boolean ofPods = keys.stream().noneMatch(key -> key.startsWith("reserved:"));
        if (ofPods && !(peer instanceof World.Party.Pod)) {
            return false;
        }
        boolean widened = keys.stream()
                .anyMatch(
                        key -> key.contains(NaiveEvaluator.NAMESPACE) || key.contains(NaiveEvaluator.NAMESPACE_LABELS));
        if (ofPods && !namespace.isEmpty() && !widened) {
            return ((World.Party.Pod) peer).namespace().equals(namespace)
                    && NaiveLabels.selects(selector, peer, "", "");
        }
        return NaiveLabels.selects(selector, peer, "", "");
    }

    private boolean behind(ServiceReference reference, World.Party peer) {
        for (var service : World.SERVICES) {
            boolean meant;
            if (reference.k8sService() != null) {
                var named = reference.k8sService();
                var space = named.namespace() == null ? namespace : named.namespace();
                meant = service.namespace().equals(space) && service.name().equals(named.serviceName());
            } else {
                var chosen = reference.k8sServiceSelector();
                meant = (chosen.namespace() == null || chosen.namespace().equals(service.namespace()))
                        && NaiveLabels.holds(chosen.selector(), service.labels().byKey(), "k8s:", "");
            }
            if (!meant) {
                continue;
            }
            if (service.podSelector().isEmpty()) {
                if (peer instanceof World.Party.Outside outside
                        && service.addresses().contains(World.block(outside.address()))) {
                    return true;
                }
            } else if (peer instanceof World.Party.Pod pod
                    && pod.namespace().equals(service.namespace())
                    && service.podSelector().entrySet().stream()
                            .allMatch(label ->
                                    label.getValue().equals(pod.labels().get("k8s:" + label.getKey())))) {
                return true;
            }
        }
        return false;
    }

    static boolean isEntity(Entity entity, World.Party peer) {
        return switch (peer) {
            case World.Party.Pod pod ->
                entity == Entity.ALL || entity == Entity.CLUSTER || entity == Entity.CLUSTER_MESH;
            case World.Party.Reserved reserved ->
                entity == Entity.ALL
                        || entity == Entity.CLUSTER
                        || entity == Entity.CLUSTER_MESH
                        || reserved.names()
                                .contains(entity.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            case World.Party.Outside outside ->
                entity == Entity.ALL
                        || entity == Entity.WORLD
                        || entity == (outside.address().contains(":") ? Entity.WORLD_IPV6 : Entity.WORLD_IPV4);
        };
    }

    static boolean inSet(World.Party peer, CidrRule set) {
        if (set.cidr() != null) {
            return inBlock(peer, set.cidr(), items(set.except()));
        }
        return World.GROUPS.entrySet().stream()
                .filter(group -> set.cidrGroupRef() != null
                        ? group.getKey().equals(set.cidrGroupRef())
                        : NaiveLabels.holds(set.cidrGroupSelector(), Map.of("k8s:site", group.getKey()), "k8s:", ""))
                .flatMap(group -> group.getValue().stream())
                .anyMatch(block -> inBlock(peer, block, items(set.except())));
    }

    static boolean inBlock(World.Party peer, String block, List<String> except) {
        return peer instanceof World.Party.Outside outside
                && World.block(block).contains(World.block(outside.address()))
                && block.contains(":") == outside.address().contains(":")
                && items(except).stream()
                        .noneMatch(exception -> World.block(exception).contains(World.block(outside.address())));
    }
}
