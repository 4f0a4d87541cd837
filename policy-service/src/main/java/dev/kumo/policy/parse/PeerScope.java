// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * Where selectors of a policy reach. In a namespaced policy a selector that names no namespace means the policy's own; in a
 * clusterwide one it means pods of any, not what has no namespace.
 *
 * @param namespace the policy's; empty for a clusterwide one
 * @param forInit the policy is for endpoints without identity, which have no namespace either
 */
record PeerScope(String namespace, boolean forInit) {
    static final String NAMESPACE = "io.kubernetes.pod.namespace";
    static final String NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

    static PeerScope of(String namespace, List<Requirement> subject) {
        return new PeerScope(
                namespace,
                subject.stream()
                        .anyMatch(requirement -> requirement.source().equals(Requirement.RESERVED)
                                && requirement.key().equals("init")));
    }

    /** The endpoints that a namespaced policy selects are its namespace's, whatever the selector says of that. */
    Selector subject(List<Requirement> requirements) {
        if (namespace.isEmpty()) {
            return new Selector(requirements);
        }
        var kept = new ArrayList<>(requirements);
        kept.removeIf(PeerScope::isNamespaceMatch);
        kept.add(Requirement.equal(Requirement.KUBERNETES, NAMESPACE, namespace));
        return new Selector(kept);
    }

    /** Whether the selector names another namespace, in vain. */
    boolean isForeign(List<Requirement> subject) {
        return !namespace.isEmpty()
                && subject.stream()
                        .filter(PeerScope::isNamespaceMatch)
                        .anyMatch(requirement -> !requirement.values().contains(namespace));
    }

    Selector peer(List<Requirement> requirements) {
        boolean reserved = requirements.stream()
                .anyMatch(requirement -> requirement.source().equals(Requirement.RESERVED));
        boolean named =
                requirements.stream().anyMatch(requirement -> requirement.key().equals(NAMESPACE));
        boolean labelled =
                requirements.stream().anyMatch(requirement -> requirement.key().startsWith(NAMESPACE_LABELS));
        var selector = new Selector(requirements);
        if (reserved || named) {
            return selector;
        }
        if (namespace.isEmpty()) {
            return forInit ? selector : selector.with(List.of(Requirement.exists(Requirement.KUBERNETES, NAMESPACE)));
        }
        return labelled
                ? selector
                : selector.with(List.of(Requirement.equal(Requirement.KUBERNETES, NAMESPACE, namespace)));
    }

    private static boolean isNamespaceMatch(Requirement requirement) {
        return requirement.source().equals(Requirement.KUBERNETES)
                && requirement.key().equals(NAMESPACE)
                && requirement.operator() == Requirement.Operator.IN;
    }
}
