// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.contract.policy.v1.NodeState;
import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.policy.model.Claim;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What nodes say of themselves, decoded. Entries were checked when they came; one that cannot be decoded counts as absent.
 *
 * @param states by node
 * @param policies what has become of classes and rule sets, by node and entry
 */
record NodeReports(
        List<Claim> claims,
        SortedMap<String, NodeState> states,
        SortedMap<String, Map<ItemKey, PolicyItemState>> policies) {
    static final String NODE_STATES = "node_states";
    static final String ENDPOINT_REPORTS = "endpoint_reports";
    static final String POLICY_STATES = "policy_states";

    static NodeReports of(ReportTable reports) {
        var claims = new ArrayList<Claim>();
        var states = new TreeMap<String, NodeState>();
        var policies = new TreeMap<String, Map<ItemKey, PolicyItemState>>();
        reports.byNode()
                .forEach((node, items) -> items.forEach((key, item) -> {
                    switch (key.table()) {
                        case ENDPOINT_REPORTS ->
                            endpoint(item)
                                    .flatMap(report -> claim(node, report))
                                    .ifPresent(claims::add);
                        case NODE_STATES -> state(item).ifPresent(state -> states.put(node, state));
                        case POLICY_STATES ->
                            policy(item)
                                    .ifPresent(state -> policies.computeIfAbsent(node, _ -> new HashMap<>())
                                            .put(new ItemKey(state.getTable(), state.getKey()), state));
                        default -> {
                            // The check lets no other table in.
                        }
                    }
                }));
        return new NodeReports(List.copyOf(claims), states, policies);
    }

    static Optional<EndpointReport> endpoint(StateItem item) {
        try {
            return Optional.of(EndpointReport.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    static Optional<NodeState> state(StateItem item) {
        try {
            return Optional.of(NodeState.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    static Optional<PolicyItemState> policy(StateItem item) {
        try {
            return Optional.of(PolicyItemState.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** 16 bytes, IPv4 as v4-mapped; empty for any other length. */
    static Optional<IPAddress> address(ByteString bytes) {
        if (bytes.size() != IPv6Address.BYTE_COUNT) {
            return Optional.empty();
        }
        var address = new IPv6Address(bytes.toByteArray());
        return Optional.of(address.isIPv4Mapped() ? address.getEmbeddedIPv4Address() : address);
    }

    private static Optional<Claim> claim(String node, EndpointReport report) {
        return address(report.getAddress())
                .map(address -> new Claim(
                        node,
                        report.getPodUid(),
                        report.getNamespace(),
                        report.getPod(),
                        address,
                        report.getInstalledIdentity()));
    }
}
