// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.Comparator;

/** Names a policy. @param namespace empty for a kind without namespaces */
public record PolicyId(String kind, String namespace, String name) implements Comparable<PolicyId> {
    private static final Comparator<PolicyId> ORDER = Comparator.comparing(PolicyId::kind)
            .thenComparing(PolicyId::namespace)
            .thenComparing(PolicyId::name);

    @Override
    public int compareTo(PolicyId other) {
        return ORDER.compare(this, other);
    }

    /** {@code kind/namespace/name}, or {@code kind/name}. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? kind + "/" + name : kind + "/" + namespace + "/" + name;
    }
}
