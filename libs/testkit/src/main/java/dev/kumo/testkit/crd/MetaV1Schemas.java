// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The constraints of meta/v1 types, which fabric8's model classes do not carry. Source: Kubernetes API reference. */
final class MetaV1Schemas {
    private static final Set<String> LABEL_SELECTOR = Set.of("matchExpressions", "matchLabels");
    private static final Set<String> CONDITION =
            Set.of("lastTransitionTime", "message", "observedGeneration", "reason", "status", "type");
    private static final String NAME = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])";
    private static final String DNS_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

    private MetaV1Schemas() {}

    /** Constrains {@code schema} where its properties are those of a meta/v1 type; leaves any other as it is. */
    static void constrain(JSONSchemaProps schema) {
        if (schema.getProperties().keySet().equals(LABEL_SELECTOR)) {
            constrainLabelSelector(schema);
        } else if (schema.getProperties().keySet().equals(CONDITION)) {
            constrainCondition(schema);
        }
    }

    /** A selector is replaced as a whole: half of one merged with half of another would select what nobody meant. */
    private static void constrainLabelSelector(JSONSchemaProps selector) {
        selector.setXKubernetesMapType("atomic");
        selector.setXKubernetesPreserveUnknownFields(null);
        var value = property(selector, "matchLabels").getAdditionalProperties().getSchema();
        value.setMaxLength(63L);
        value.setPattern("^" + NAME + "?$");
        var expressions = property(selector, "matchExpressions");
        expressions.setXKubernetesListType("atomic");
        var expression = expressions.getItems().getSchema();
        expression.setXKubernetesPreserveUnknownFields(null);
        expression.setRequired(List.of("key", "operator"));
        property(expression, "values").setXKubernetesListType("atomic");
        property(expression, "operator").setEnum(texts("In", "NotIn", "Exists", "DoesNotExist"));
    }

    private static void constrainCondition(JSONSchemaProps condition) {
        condition.setXKubernetesPreserveUnknownFields(null);
        condition.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
        property(condition, "lastTransitionTime").setFormat("date-time");
        property(condition, "message").setMaxLength(32768L);
        property(condition, "observedGeneration").setFormat("int64");
        property(condition, "observedGeneration").setMinimum(0.0);
        var reason = property(condition, "reason");
        reason.setMinLength(1L);
        reason.setMaxLength(1024L);
        reason.setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        property(condition, "status").setEnum(texts("True", "False", "Unknown"));
        property(condition, "type").setMaxLength(316L);
        property(condition, "type").setPattern("^(" + DNS_SUBDOMAIN + "/)?" + NAME + "$");
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static List<JsonNode> texts(String... values) {
        return Stream.of(values).<JsonNode>map(TextNode::valueOf).toList();
    }
}
