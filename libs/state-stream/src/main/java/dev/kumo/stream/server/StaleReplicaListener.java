// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

/** Told when a node has applied a newer state of a source than this replica has seen. Any thread; must not block. */
@FunctionalInterface
public interface StaleReplicaListener {
    /**
     * The replica is to list the source anew; until it has caught up it serves that node nothing.
     *
     * @param source a key of the snapshot's resourceVersions, such as "pods"
     */
    void staleReplica(String source);
}
