// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.TableSource;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.RuleProblem;
import dev.kumo.policy.parse.CiliumPolicyParser;
import dev.kumo.policy.parse.NetworkPolicyParser;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads policies of all kinds. One that cannot be decoded is a policy without rules whose problem says why. Stateless. */
final class PolicyObjects {
    static final String VALID = "Valid";

    private PolicyObjects() {}

    static PolicyView networkPolicy(NetworkPolicy policy) {
        return view(NetworkPolicyParser.parse(policy), policy.getMetadata(), Optional.empty());
    }

    /** Objects of a custom type, decoded one by one. */
    static <P extends PolicyResource> TableSource.View<GenericKubernetesResource, PolicyView> reader(
            Class<P> type, String kind) {
        return (resource, serialization) ->
                view(parse(resource, serialization, type, kind), resource.getMetadata(), condition(resource));
    }

    private static <P extends PolicyResource> ParsedPolicy parse(
            GenericKubernetesResource resource, KubernetesSerialization serialization, Class<P> type, String kind) {
        try {
            return CiliumPolicyParser.parse(serialization.convertValue(resource, type));
        } catch (IllegalArgumentException e) {
            var metadata = resource.getMetadata();
            var id = new PolicyId(kind, text(metadata.getNamespace()), metadata.getName());
            var problem = new RuleProblem(RuleProblem.Kind.INVALID, "spec", firstLine(e));
            return new ParsedPolicy(id, List.of(), List.of(problem), List.of());
        }
    }

    private static PolicyView view(ParsedPolicy policy, ObjectMeta metadata, Optional<PolicyView.Condition> condition) {
        long generation = metadata.getGeneration() == null ? 0 : metadata.getGeneration();
        return new PolicyView(policy, text(metadata.getUid()), generation, condition);
    }

    /** Read from the raw object: a status that somebody else wrote must not make the policy unreadable. */
    private static Optional<PolicyView.Condition> condition(GenericKubernetesResource resource) {
        return resource.get("status", "conditions") instanceof List<?> conditions
                ? conditions.stream()
                        .flatMap(condition ->
                                condition instanceof Map<?, ?> fields ? Stream.<Map<?, ?>>of(fields) : Stream.empty())
                        .filter(fields -> VALID.equals(fields.get("type")))
                        .map(fields -> new PolicyView.Condition(
                                text(fields.get("status")),
                                text(fields.get("reason")),
                                text(fields.get("message")),
                                text(fields.get("lastTransitionTime"))))
                        .findFirst()
                : Optional.empty();
    }

    private static String firstLine(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return text(root.getMessage()).lines().findFirst().orElse("cannot be read");
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
