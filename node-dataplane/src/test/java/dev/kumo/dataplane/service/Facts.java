// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.service.v1.Algorithm;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.ServicePort;
import dev.kumo.contract.service.v1.SourceRange;
import dev.kumo.contract.service.v1.TrafficPolicy;
import dev.kumo.dataplane.bpf.map.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a node is told, written as short YAML documents: {@code {service: shop/web, …}}, {@code {backend: shop/web, …}},
 * {@code {node: w1, addresses: […]}}, {@code {pod: shop/web-1, …}} for a host port. The node itself is w1.
 */
final class Facts {
    static final String NODE = "w1";
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> KNOWN = Set.of(
            "service",
            "cluster",
            "external",
            "loadBalancer",
            "ports",
            "internalPolicy",
            "externalPolicy",
            "healthCheckNodePort",
            "affinity",
            "sourceRanges",
            "algorithm",
            "backend",
            "port",
            "portName",
            "protocol",
            "on",
            "at",
            "state",
            "node",
            "addresses",
            "pod",
            "hostPort",
            "hostAddress",
            "containerPort");

    final List<Service> services = new ArrayList<>();
    final List<Backend> backends = new ArrayList<>();
    final TreeMap<String, Node> nodes = new TreeMap<>();
    final List<HostPort> hostPorts = new ArrayList<>();

    static Facts of(String... documents) {
        return of(List.of(documents));
    }

    static Facts of(List<String> documents) {
        var facts = new Facts();
        documents.forEach(facts::add);
        return facts;
    }

    private void add(String document) {
        JsonNode fact;
        try {
            fact = YAML.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(document, e);
        }
        fact.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                throw new IllegalArgumentException("unknown field " + field + " in " + fact);
            }
        });
        if (fact.has("service")) {
            services.add(service(fact));
        } else if (fact.has("backend")) {
            backends.add(backend(fact));
        } else if (fact.has("node")) {
            var node = Node.newBuilder().setName(fact.get("node").asText());
            node.addAllInternalAddresses(addresses(fact, "addresses"));
            nodes.put(node.getName(), node.build());
        } else {
            hostPorts.add(hostPort(fact));
        }
    }

    NodeFacts node() {
        return NodeFacts.of(NODE, nodeAddresses(true), nodeAddresses(false));
    }

    private List<Address> nodeAddresses(boolean own) {
        return nodes.values().stream()
                .filter(node -> node.getName().equals(NODE) == own)
                .flatMap(node -> node.getInternalAddressesList().stream())
                .map(Address::of)
                .toList();
    }

    static String keyOf(Service service) {
        return service.getNamespace() + "/" + service.getName();
    }

    static String keyOf(Backend backend) {
        return "%s/%s/%s/%d/%s"
                .formatted(
                        backend.getNamespace(),
                        backend.getService(),
                        backend.getProtocol(),
                        backend.getPort(),
                        Address.of(backend.getAddress()));
    }

    private static Service service(JsonNode fact) {
        String[] name = fact.get("service").asText().split("/");
        var service = Service.newBuilder()
                .setNamespace(name[0])
                .setName(name[1])
                .addAllClusterAddresses(addresses(fact, "cluster"))
                .addAllExternalAddresses(addresses(fact, "external"))
                .addAllLoadBalancerAddresses(addresses(fact, "loadBalancer"))
                .setInternalTrafficPolicy(policy(fact, "internalPolicy"))
                .setExternalTrafficPolicy(policy(fact, "externalPolicy"))
                .setHealthCheckNodePort(fact.path("healthCheckNodePort").asInt())
                .setAffinityTimeoutSeconds(fact.path("affinity").asInt());
        if (fact.has("algorithm")) {
            service.setAlgorithm(Algorithm.valueOf(
                    "ALGORITHM_" + fact.get("algorithm").asText().toUpperCase(Locale.ROOT)));
        }
        for (JsonNode port : fact.path("ports")) {
            service.addPorts(ServicePort.newBuilder()
                    .setName(port.path("name").asText())
                    .setProtocol(protocol(port))
                    .setPort(port.get("port").asInt())
                    .setNodePort(port.path("nodePort").asInt()));
        }
        for (JsonNode range : fact.path("sourceRanges")) {
            String[] parts = range.asText().split("/");
            service.addSourceRanges(SourceRange.newBuilder()
                    .setAddress(bytes(parts[0]))
                    .setPrefixLength(96 + Integer.parseInt(parts[1])));
        }
        return service.build();
    }

    private static Backend backend(JsonNode fact) {
        String[] name = fact.get("backend").asText().split("/");
        String[] at = fact.get("at").asText().split(":");
        String state = fact.path("state").asText("ready");
        return Backend.newBuilder()
                .setNamespace(name[0])
                .setService(name[1])
                .setPortName(fact.path("portName").asText())
                .setProtocol(protocol(fact))
                .setAddress(bytes(at[0]))
                .setPort(Integer.parseInt(at[1]))
                .setNode(fact.path("on").asText())
                .setReady(state.equals("ready"))
                .setServing(state.equals("ready") || state.equals("terminating"))
                .setTerminating(state.equals("terminating"))
                .build();
    }

    private static HostPort hostPort(JsonNode fact) {
        return new HostPort(
                fact.get("pod").asText(),
                Optional.of(fact.path("hostAddress").asText())
                        .filter(text -> !text.isEmpty())
                        .map(Address::of),
                fact.get("hostPort").asInt(),
                protocol(fact).getNumber(),
                Address.of(fact.get("at").asText()),
                fact.get("containerPort").asInt());
    }

    private static Protocol protocol(JsonNode fact) {
        return Protocol.valueOf("PROTOCOL_" + fact.path("protocol").asText("TCP"));
    }

    private static TrafficPolicy policy(JsonNode fact, String field) {
        return TrafficPolicy.valueOf(
                "TRAFFIC_POLICY_" + fact.path(field).asText("Cluster").toUpperCase(Locale.ROOT));
    }

    private static List<ByteString> addresses(JsonNode fact, String field) {
        Stream<JsonNode> values = StreamSupport.stream(fact.path(field).spliterator(), false);
        return values.map(JsonNode::asText).map(Facts::bytes).toList();
    }

    private static ByteString bytes(String address) {
        return ByteString.copyFrom(Address.of(address).bytes());
    }
}
