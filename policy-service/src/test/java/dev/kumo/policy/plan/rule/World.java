// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.model.rule.ServiceView;
import dev.kumo.policy.parse.CidrParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A small cluster: two namespaces, some pods, Services, address groups, and addresses outside. */
final class World {
    /** Who may be at the other end of a flow; labels as of an identity, source and all. */
    sealed interface Party {
        record Pod(String uid, int identity, SortedMap<String, String> labels, List<NamedPort> ports) implements Party {
            String namespace() {
                return labels.get("k8s:io.kubernetes.pod.namespace");
            }
        }

        record Reserved(int identity, List<String> names) implements Party {}

        record Outside(String address) implements Party {}
    }

    static final List<Party.Reserved> RESERVED = List.of(
            new Party.Reserved(1, List.of("host")),
            new Party.Reserved(4, List.of("health")),
            new Party.Reserved(6, List.of("remote-node")),
            new Party.Reserved(7, List.of("kube-apiserver", "remote-node")),
            new Party.Reserved(8, List.of("ingress")));

    static final List<Party.Outside> OUTSIDE = Stream.of(
                    "192.0.2.1", "192.0.2.77", "192.0.2.200", "192.0.3.9", "198.51.100.5", "2001:db8::1", "2001:dc8::1")
            .map(Party.Outside::new)
            .toList();

    static final List<ServiceView> SERVICES = List.of(
            service("a", "front", "web", Map.of("app", "front")),
            service("b", "data", "db", Map.of("app", "data")),
            service("a", "legacy", "db", Map.of(), "192.0.2.77", "198.51.100.5"));

    static final Map<String, List<String>> GROUPS =
            Map.of("office", List.of("192.0.2.64/26", "2001:db8::/32"), "partner", List.of("198.51.100.0/24"));

    final List<Party.Pod> pods = new ArrayList<>();

    World() {
        var http = new NamedPort("http", 6, 8080);
        var dns = new NamedPort("dns", 17, 53);
        pod("front-1", "a", Map.of("app", "front"), List.of(http));
        pod("front-2", "a", Map.of("app", "front", "tier", "web"), List.of(new NamedPort("http", 6, 9090)));
        pod("data-1", "a", Map.of("app", "data"), List.of(http, dns));
        pod("bare-1", "a", Map.of(), List.of());
        pod("front-3", "b", Map.of("app", "front"), List.of(http));
        pod("data-2", "b", Map.of("app", "data", "tier", "db"), List.of(dns));
        pod("data-3", "b", Map.of("app", "data", "tier", "db"), List.of(new NamedPort("dns", 6, 53)));
    }

    private void pod(String uid, String namespace, Map<String, String> own, List<NamedPort> ports) {
        var labels = new TreeMap<String, String>();
        own.forEach((key, value) -> labels.put("k8s:" + key, value));
        labels.put("k8s:io.kubernetes.pod.namespace", namespace);
        labels.put("k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", namespace);
        labels.put("k8s:io.cilium.k8s.namespace.labels.team", namespace.equals("a") ? "blue" : "yellow");
        labels.put("k8s:io.cilium.k8s.policy.cluster", "default");
        labels.put("k8s:io.cilium.k8s.policy.serviceaccount", "default");
        int identity = pods.stream()
                .filter(pod -> pod.labels().equals(labels))
                .mapToInt(Party.Pod::identity)
                .findFirst()
                .orElse(300 + pods.size());
        pods.add(new Party.Pod(uid, identity, labels, ports));
    }

    private static ServiceView service(
            String namespace, String name, String kind, Map<String, String> selector, String... addresses) {
        return new ServiceView(
                namespace,
                name,
                SecurityLabels.of(Map.of("k8s:kind", kind)),
                new TreeMap<>(selector),
                new TreeSet<>(Stream.of(addresses)
                        .map(address -> CidrParser.parse(address).orElseThrow())
                        .toList()));
    }

    List<Party> parties() {
        return Stream.of(pods, RESERVED, OUTSIDE).<Party>flatMap(List::stream).toList();
    }

    /** As if one pod had gone, and with it its identity if it was the last. */
    RuleInputs without(int pod, List<ParsedPolicy> policies) {
        var rest = new World();
        rest.pods.remove(pod);
        return rest.inputs(policies);
    }

    RuleInputs inputs(List<ParsedPolicy> policies) {
        var identities = new TreeMap<Integer, SecurityLabels>();
        pods.forEach(pod -> identities.put(pod.identity(), SecurityLabels.of(pod.labels())));
        return new RuleInputs(
                policies,
                identities,
                pods.stream()
                        .map(pod -> new RuleEndpoint(
                                pod.uid(), pod.identity(), SecurityLabels.of(pod.labels()), new TreeSet<>(pod.ports())))
                        .toList(),
                SERVICES,
                GROUPS.entrySet().stream()
                        .map(group -> new CidrGroupView(
                                group.getKey(),
                                SecurityLabels.of(Map.of("k8s:site", group.getKey())),
                                new TreeSet<>(group.getValue().stream()
                                        .map(World::block)
                                        .toList())))
                        .toList());
    }

    static CidrBlock block(String text) {
        return CidrParser.parse(text).orElseThrow();
    }
}
