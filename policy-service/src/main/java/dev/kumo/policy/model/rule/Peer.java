// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The other side of a flow, as a rule names it. The text of a peer ({@code toString}) is canonical: equal peers have equal
 * texts.
 */
public sealed interface Peer {
    /** Everybody: pods, nodes, addresses outside the cluster. */
    record Any() implements Peer {}

    /** Identities by their labels, reserved ones among them. */
    record Labels(Selector selector) implements Peer {}

    /** Addresses outside the cluster; never those of pods and nodes, as in Cilium. */
    record Cidr(CidrBlock block, SortedSet<CidrBlock> except) implements Peer {
        public Cidr {
            except = sorted(except);
        }
    }

    /** The blocks of a CiliumCIDRGroup. */
    record CidrGroup(String name, SortedSet<CidrBlock> except) implements Peer {
        public CidrGroup {
            except = sorted(except);
        }
    }

    /** The blocks of all CiliumCIDRGroups with these labels (source {@code k8s}). */
    record CidrGroups(Selector selector, SortedSet<CidrBlock> except) implements Peer {
        public CidrGroups {
            except = sorted(except);
        }
    }

    /** What stands behind one Service. */
    record Service(String namespace, String name) implements Peer {}

    /** What stands behind Services. @param namespace theirs; empty means any */
    record Services(Optional<String> namespace, Selector selector) implements Peer {}

    private static SortedSet<CidrBlock> sorted(Collection<CidrBlock> blocks) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(blocks));
    }
}
