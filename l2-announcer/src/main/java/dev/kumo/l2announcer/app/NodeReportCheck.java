// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.contract.announcement.v1.LanLink;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.server.ReportCheck;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/** A node may speak of itself, and of links that have no other Node's address. Any thread. */
final class NodeReportCheck implements ReportCheck {
    private final Supplier<Collection<NodeView>> nodes;

    NodeReportCheck(Supplier<Collection<NodeView>> nodes) {
        this.nodes = nodes;
    }

    @Override
    public Optional<ItemRefusal> check(String node, StateItem item) {
        if (!item.key().table().equals(NodeReports.TABLE)) {
            return refused(
                    item,
                    Reason.UNSUPPORTED,
                    "no table of reports: " + item.key().table());
        }
        var state = NodeReports.state(item);
        if (state.isEmpty()
                || state.get().getLinksList().stream()
                        .anyMatch(link -> NodeReports.address(link.getAddress()).isEmpty())
                || state.get().getHeldList().stream()
                        .anyMatch(held -> NodeReports.address(held.getAddress()).isEmpty())) {
            return refused(item, Reason.MALFORMED, "no AnnouncementState with addresses of 16 bytes");
        }
        if (!item.key().key().equals(node) || !state.get().getNode().equals(node)) {
            return refused(
                    item,
                    Reason.WRONG_NODE,
                    "node " + node + " speaks for " + item.key().key());
        }
        return state.get().getLinksList().stream()
                .flatMap(link -> owner(node, link).stream()
                        .map(owner -> new ItemRefusal(
                                item.key(),
                                Reason.WRONG_NODE,
                                "the address of link %s is node %s's".formatted(link.getName(), owner))))
                .findFirst();
    }

    private Optional<String> owner(String node, LanLink link) {
        var address = NodeReports.address(link.getAddress()).orElseThrow().toCanonicalString();
        return nodes.get().stream()
                .filter(view -> !view.name().equals(node) && view.addresses().contains(address))
                .map(NodeView::name)
                .findFirst();
    }

    private static Optional<ItemRefusal> refused(StateItem item, Reason reason, String message) {
        return Optional.of(new ItemRefusal(item.key(), reason, message));
    }
}
