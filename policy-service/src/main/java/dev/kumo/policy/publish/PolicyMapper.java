// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.stream.Audience;
import dev.kumo.stream.StateItem;
import inet.ipaddr.IPAddress;
import java.util.List;

/** Writes parts of a plan as entries of the policy feed (policy.proto). Stateless. */
final class PolicyMapper {
    private PolicyMapper() {}

    static StateItem node(NodeView node) {
        return StateItem.of(
                "nodes",
                node.name(),
                Node.newBuilder()
                        .setName(node.name())
                        .addAllInternalAddresses(node.internalAddresses().stream()
                                .map(address -> WireAddress.of(address.getBytes()))
                                .toList())
                        .addAllExternalAddresses(node.externalAddresses().stream()
                                .map(address -> WireAddress.of(address.getBytes()))
                                .toList())
                        .addAllPodRanges(node.podRanges().stream()
                                .map(PolicyMapper::prefix)
                                .toList())
                        .build());
    }

    static StateItem identity(int number, SecurityLabels labels) {
        return StateItem.of(
                "identities",
                Integer.toString(number),
                Identity.newBuilder()
                        .setNumber(number)
                        .putAllLabels(labels.byKey())
                        .build());
    }

    /** Whose address it is, for every node. */
    static StateItem address(PlannedEndpoint endpoint) {
        return address(endpoint.address(), endpoint.identity(), endpoint.node());
    }

    static StateItem address(IPAddress address, int identity, String node) {
        return StateItem.of(
                "addresses",
                address.toCanonicalString(),
                AddressIdentity.newBuilder()
                        .setAddress(WireAddress.of(address.getBytes()))
                        .setIdentity(identity)
                        .setNode(node)
                        .build());
    }

    /** For the pod's own node. */
    static StateItem endpoint(PlannedEndpoint endpoint, int policyClass) {
        return StateItem.of(
                "endpoints",
                endpoint.podUid(),
                Endpoint.newBuilder()
                        .setPodUid(endpoint.podUid())
                        .setNamespace(endpoint.namespace())
                        .setPod(endpoint.pod())
                        .setAddress(WireAddress.of(endpoint.address().getBytes()))
                        .setIdentity(endpoint.identity())
                        .setClassNumber(policyClass)
                        .build(),
                Audience.of(List.of(endpoint.node())));
    }

    private static Prefix prefix(IPAddress range) {
        int length = range.getNetworkPrefixLength();
        return Prefix.newBuilder()
                .setAddress(WireAddress.of(range.getLower().getBytes()))
                .setLength(range.isIPv4() ? WireAddress.mappedPrefixLength(length) : length)
                .build();
    }
}
