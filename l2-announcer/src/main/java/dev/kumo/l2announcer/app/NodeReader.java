// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.l2announcer.model.NodeView;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads Nodes into the model. Stateless. */
public final class NodeReader {
    private NodeReader() {}

    public static NodeView node(Node node) {
        var status = Optional.ofNullable(node.getStatus());
        var labels = Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.<String, String>of());
        return new NodeView(
                node.getMetadata().getName(),
                new TreeMap<>(labels),
                status.map(s -> s.getConditions()).orElseGet(List::of).stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus())),
                status.map(s -> s.getAddresses()).orElseGet(List::of).stream()
                        .map(NodeAddress::getAddress)
                        .filter(address -> new IPAddressString(address).isIPAddress())
                        .collect(Collectors.toSet()));
    }
}
