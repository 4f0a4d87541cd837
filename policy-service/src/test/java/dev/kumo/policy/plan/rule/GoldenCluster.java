// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kumo.policy.crd.CiliumCIDRGroup;
import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.model.rule.ServiceView;
import dev.kumo.policy.parse.CidrParser;
import dev.kumo.policy.parse.CiliumPolicyParser;
import dev.kumo.policy.parse.NetworkPolicyParser;
import dev.kumo.testkit.crd.Manifests;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The cluster that the documents of a golden case describe. A pod's identity is 256 + the place of its labels. */
final class GoldenCluster {
    private final List<ParsedPolicy> policies = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaces = new TreeMap<>();
    private final List<Service> services = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();
    private final List<CidrGroupView> groups = new ArrayList<>();

    GoldenCluster(List<String> documents) {
        documents.forEach(this::add);
    }

    private void add(String document) {
        var kind = document.lines()
                .filter(line -> line.startsWith("kind: "))
                .findFirst()
                .orElseThrow()
                .substring("kind: ".length());
        try {
            switch (kind) {
                case "NetworkPolicy" ->
                    policies.add(NetworkPolicyParser.parse(Manifests.parse(NetworkPolicy.class, document)));
                case "CiliumNetworkPolicy" ->
                    policies.add(CiliumPolicyParser.parse(Manifests.parse(CiliumNetworkPolicy.class, document)));
                case "CiliumClusterwideNetworkPolicy" ->
                    policies.add(
                            CiliumPolicyParser.parse(Manifests.parse(CiliumClusterwideNetworkPolicy.class, document)));
                case "Pod" -> pods.add(Manifests.parse(Pod.class, document));
                case "Namespace" -> {
                    var namespace = Manifests.parse(Namespace.class, document).getMetadata();
                    namespaces.put(namespace.getName(), namespace.getLabels());
                }
                case "Service" -> services.add(Manifests.parse(Service.class, document));
                case "EndpointSlice" -> slices.add(Manifests.parse(EndpointSlice.class, document));
                case "CiliumCIDRGroup" -> groups.add(group(Manifests.parse(CiliumCIDRGroup.class, document)));
                default -> throw new AssertionError(kind);
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(document, e);
        }
    }

    RuleInputs inputs() {
        var identities = identities();
        var numbers = identities.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        return new RuleInputs(
                policies,
                identities,
                pods.stream()
                        .map(pod -> new RuleEndpoint(name(pod), numbers.get(labels(pod)), labels(pod), ports(pod)))
                        .toList(),
                services.stream().map(this::view).toList(),
                groups);
    }

    private SortedMap<Integer, SecurityLabels> identities() {
        var identities = new TreeMap<Integer, SecurityLabels>();
        pods.stream()
                .map(this::labels)
                .sorted()
                .distinct()
                .forEach(labels -> identities.put(256 + identities.size(), labels));
        return identities;
    }

    /** The names of the pods of an identity. */
    String pods(int identity) {
        var labels = identities().get(identity);
        return pods.stream()
                .filter(pod -> labels(pod).equals(labels))
                .map(GoldenCluster::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private SecurityLabels labels(Pod pod) {
        var labels = new TreeMap<String, String>();
        labels.putAll(prefixed("k8s:", pod.getMetadata().getLabels()));
        var namespace = pod.getMetadata().getNamespace();
        labels.put("k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", namespace);
        labels.putAll(prefixed("k8s:io.cilium.k8s.namespace.labels.", namespaces.getOrDefault(namespace, Map.of())));
        labels.put("k8s:io.kubernetes.pod.namespace", namespace);
        labels.put("k8s:io.cilium.k8s.policy.cluster", "default");
        labels.put("k8s:io.cilium.k8s.policy.serviceaccount", "default");
        return SecurityLabels.of(labels);
    }

    private static Map<String, String> prefixed(String prefix, Map<String, String> labels) {
        var prefixed = new TreeMap<String, String>();
        labels.forEach((key, value) -> prefixed.put(prefix + key, value));
        return prefixed;
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private static TreeSet<NamedPort> ports(Pod pod) {
        var ports = new TreeSet<NamedPort>();
        if (pod.getSpec() != null) {
            pod.getSpec().getContainers().stream()
                    .flatMap(container -> container.getPorts().stream())
                    .forEach(port -> ports.add(new NamedPort(
                            port.getName(), "UDP".equals(port.getProtocol()) ? 17 : 6, port.getContainerPort())));
        }
        return ports;
    }

    private ServiceView view(Service service) {
        var metadata = service.getMetadata();
        var addresses = slices.stream()
                .filter(slice -> slice.getMetadata().getNamespace().equals(metadata.getNamespace())
                        && metadata.getName()
                                .equals(slice.getMetadata().getLabels().get("kubernetes.io/service-name")))
                .flatMap(slice -> slice.getEndpoints().stream())
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .toList();
        var selector = service.getSpec().getSelector();
        return new ServiceView(
                metadata.getNamespace(),
                metadata.getName(),
                SecurityLabels.of(prefixed("k8s:", metadata.getLabels())),
                new TreeMap<>(selector == null ? Map.of() : selector),
                blocks(addresses));
    }

    private static CidrGroupView group(CiliumCIDRGroup group) {
        return new CidrGroupView(
                group.getMetadata().getName(),
                SecurityLabels.of(prefixed("k8s:", group.getMetadata().getLabels())),
                blocks(group.getSpec().externalCIDRs()));
    }

    private static TreeSet<CidrBlock> blocks(Collection<String> texts) {
        return texts.stream()
                .map(text -> CidrParser.parse(text).orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
