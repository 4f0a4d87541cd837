// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.publish.NodeReports;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.server.ReportCheck;
import java.util.Optional;

/** A node may speak of its own Envoy only. Any thread. */
final class EnvoyReportCheck implements ReportCheck {
    @Override
    public Optional<ItemRefusal> check(String node, StateItem item) {
        return switch (item.key().table()) {
            case NodeReports.RESOURCE_STATES ->
                NodeReports.resource(item)
                        .map(state -> judge(
                                item,
                                node,
                                state.getNode().equals(node) && item.key().key().equals(node + "/" + state.getKey())))
                        .orElseGet(() -> refused(item, Reason.MALFORMED, "no ResourceState"));
            case NodeReports.ENVOY_STATES ->
                NodeReports.node(item)
                        .map(state -> judge(
                                item,
                                node,
                                state.getNode().equals(node) && item.key().key().equals(node)))
                        .orElseGet(() -> refused(item, Reason.MALFORMED, "no EnvoyNodeState"));
            default ->
                refused(
                        item,
                        Reason.UNSUPPORTED,
                        "no table of reports: " + item.key().table());
        };
    }

    private static Optional<ItemRefusal> judge(StateItem item, String node, boolean own) {
        return own
                ? Optional.empty()
                : refused(
                        item,
                        Reason.WRONG_NODE,
                        "node %s speaks for %s".formatted(node, item.key().key()));
    }

    private static Optional<ItemRefusal> refused(StateItem item, Reason reason, String message) {
        return Optional.of(new ItemRefusal(item.key(), reason, message));
    }
}
