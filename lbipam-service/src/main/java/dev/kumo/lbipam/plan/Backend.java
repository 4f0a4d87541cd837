// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

/**
 * The state of a backend (KEP-1672): new connections go to ready ones; if a Service has none, to those that serve while
 * they terminate.
 *
 * @param node the node that hosts it; empty if unknown
 */
public record Backend(String node, boolean ready, boolean serving, boolean terminating) {

    /**
     * One backend seen in two slices, as happens while an endpoint moves between them: usable if either says so. The
     * result does not depend on the order.
     */
    Backend mergedWith(Backend other) {
        String host = node.compareTo(other.node) >= 0 ? node : other.node;
        return new Backend(host, ready || other.ready, serving || other.serving, terminating && other.terminating);
    }
}
