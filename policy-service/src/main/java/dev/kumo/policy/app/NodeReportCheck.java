// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.server.ReportCheck;
import inet.ipaddr.IPAddress;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node may speak of itself, of pods that are bound to it and of addresses of its pod ranges. A pod that isn't known yet is
 * let in, since a report may overtake our watch: without its Pod it has no effect. Any thread; looks up single rows only.
 */
final class NodeReportCheck implements ReportCheck {
    private final Function<String, @Nullable PodView> pods;
    private final Function<String, @Nullable NodeView> nodes;

    /**
     * @param pods looks a pod up by {@code namespace/name}
     * @param nodes looks a node up by name
     */
    NodeReportCheck(Function<String, @Nullable PodView> pods, Function<String, @Nullable NodeView> nodes) {
        this.pods = pods;
        this.nodes = nodes;
    }

    @Override
    public Optional<ItemRefusal> check(String node, StateItem item) {
        return switch (item.key().table()) {
            case NodeReports.NODE_STATES -> state(node, item);
            case NodeReports.ENDPOINT_REPORTS -> endpoint(node, item);
            case NodeReports.POLICY_STATES -> policy(item);
            default ->
                refused(
                        item,
                        Reason.UNSUPPORTED,
                        "no table of reports: " + item.key().table());
        };
    }

    private Optional<ItemRefusal> state(String node, StateItem item) {
        var state = NodeReports.state(item);
        if (state.isEmpty()) {
            return refused(item, Reason.MALFORMED, "no NodeState");
        }
        if (!item.key().key().equals(node) || !state.get().getNode().equals(node)) {
            return refused(
                    item,
                    Reason.WRONG_NODE,
                    "node " + node + " speaks for " + item.key().key());
        }
        return Optional.empty();
    }

    /** It says only what has become of something there: the table keeps apart who said it. */
    private Optional<ItemRefusal> policy(StateItem item) {
        return NodeReports.policy(item)
                        .filter(state -> item.key().key().equals(state.getTable() + "/" + state.getKey()))
                        .isPresent()
                ? Optional.empty()
                : refused(item, Reason.MALFORMED, "no PolicyItemState with this key");
    }

    private Optional<ItemRefusal> endpoint(String node, StateItem item) {
        var report = NodeReports.endpoint(item);
        var address = report.flatMap(r -> NodeReports.address(r.getAddress()));
        if (report.isEmpty()
                || address.isEmpty()
                || !item.key().key().equals(report.get().getPodUid())) {
            return refused(item, Reason.MALFORMED, "no EndpointReport with this key and an address of 16 bytes");
        }
        return pod(node, report.get(), item).or(() -> address(node, address.get(), item));
    }

    private Optional<ItemRefusal> pod(String node, EndpointReport report, StateItem item) {
        PodView pod = pods.apply(report.getNamespace() + "/" + report.getPod());
        if (pod == null || !pod.uid().equals(report.getPodUid()) || pod.mayRunOn(node)) {
            return Optional.empty();
        }
        return refused(
                item,
                Reason.UNKNOWN_POD,
                pod.hostNetwork()
                        ? "pod %s/%s uses its node's network".formatted(pod.namespace(), pod.name())
                        : "pod %s/%s is bound to '%s'".formatted(pod.namespace(), pod.name(), pod.node()));
    }

    private Optional<ItemRefusal> address(String node, IPAddress address, StateItem item) {
        var view = nodes.apply(node);
        if (view == null || !view.ownsAddress(address)) {
            return refused(
                    item,
                    Reason.ADDRESS_OUTSIDE_RANGE,
                    "%s is not within %s".formatted(address, view == null ? "a known node's range" : view.podRanges()));
        }
        return Optional.empty();
    }

    private static Optional<ItemRefusal> refused(StateItem item, Reason reason, String message) {
        return Optional.of(new ItemRefusal(item.key(), reason, message));
    }
}
