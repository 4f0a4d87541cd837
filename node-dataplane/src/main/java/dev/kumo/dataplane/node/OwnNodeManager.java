// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches this node's own item. Its address and pod range are constants of the programs that run; when they change, the
 * process starts anew and loads others. A Node that is gone changes nothing: the node's pods go on.
 */
public final class OwnNodeManager implements Manager {
    private final LocalNode current;
    private final Consumer<LocalNode> moved;

    /** @param moved told of another address or pod range */
    public OwnNodeManager(LocalNode current, Consumer<LocalNode> moved) {
        this.current = current;
        this.moved = moved;
    }

    @Override
    public String name() {
        return "own-node";
    }

    @Override
    public Priority priority() {
        return Priority.REST;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.NODES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        Optional.ofNullable(change.upserts(Table.NODES).get(current.name()))
                .flatMap(LocalNode::of)
                .filter(node -> !node.address().equals(current.address())
                        || !node.podRange().equals(current.podRange()))
                .ifPresent(moved);
    }

    @Override
    public Applied apply(Slice slice) {
        return Applied.done();
    }
}
