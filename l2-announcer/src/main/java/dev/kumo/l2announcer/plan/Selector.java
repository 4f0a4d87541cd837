// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.SelectorView;
import dev.kumo.l2announcer.model.SelectorView.Expression;
import dev.kumo.l2announcer.model.ServiceView;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Evaluates a LabelSelector (meta/v1) over the labels of a Node, or those of a Service with its name and namespace. */
record Selector(SelectorView view) {
    private static final String NAME = "io.kubernetes.service.name";
    private static final String NAMESPACE = "io.kubernetes.service.namespace";

    /** Labels as selectors see them: with name and namespace under keys of their own. */
    static SortedMap<String, String> labels(ServiceView service) {
        var labels = new TreeMap<>(service.labels());
        labels.put(NAME, service.ref().name());
        labels.put(NAMESPACE, service.ref().namespace());
        return labels;
    }

    /** What makes it impossible to evaluate. */
    Optional<String> fault() {
        return view.matchExpressions().stream()
                .flatMap(expression -> fault(expression).stream())
                .findFirst();
    }

    boolean matches(SortedMap<String, String> labels) {
        return view.matchLabels().entrySet().stream()
                        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && view.matchExpressions().stream().allMatch(expression -> matches(expression, labels));
    }

    private static Optional<String> fault(Expression expression) {
        var key = expression.key();
        return switch (expression.operator()) {
            case "In", "NotIn" ->
                expression.values().isEmpty()
                        ? Optional.of("%s of key '%s' needs at least one value".formatted(expression.operator(), key))
                        : Optional.empty();
            case "Exists", "DoesNotExist" ->
                expression.values().isEmpty()
                        ? Optional.empty()
                        : Optional.of("%s of key '%s' takes no values".formatted(expression.operator(), key));
            default ->
                Optional.of("operator '%s' of key '%s' is none of In, NotIn, Exists, DoesNotExist"
                        .formatted(expression.operator(), key));
        };
    }

    private static boolean matches(Expression expression, SortedMap<String, String> labels) {
        var value = labels.get(expression.key());
        return switch (expression.operator()) {
            case "In" -> value != null && expression.values().contains(value);
            case "NotIn" -> value == null || !expression.values().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new IllegalStateException("evaluated in spite of " + fault(expression));
        };
    }
}
