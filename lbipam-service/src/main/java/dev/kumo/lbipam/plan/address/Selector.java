// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.SelectorView;
import dev.kumo.lbipam.model.SelectorView.Expression;
import dev.kumo.lbipam.model.ServiceClaim;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Evaluates a LabelSelector (meta/v1) over a Service's labels, its name and its namespace. */
record Selector(SelectorView view) {
    private static final String NAME = "io.kubernetes.service.name";
    private static final String NAMESPACE = "io.kubernetes.service.namespace";

    /** Labels as selectors see them: with name and namespace under keys of their own. */
    static SortedMap<String, String> labels(ServiceClaim claim) {
        var labels = new TreeMap<>(claim.labels());
        labels.put(NAME, claim.service().ref().name());
        labels.put(NAMESPACE, claim.service().ref().namespace());
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
        boolean needsValues =
                expression.operator().equals("In") || expression.operator().equals("NotIn");
        if (!needsValues && !expression.operator().matches("Exists|DoesNotExist")) {
            return Optional.of("operator '%s' of key '%s' is none of In, NotIn, Exists, DoesNotExist"
                    .formatted(expression.operator(), expression.key()));
        }
        if (needsValues && expression.values().isEmpty()) {
            return Optional.of(
                    "%s of key '%s' needs at least one value".formatted(expression.operator(), expression.key()));
        }
        if (!needsValues && !expression.values().isEmpty()) {
            return Optional.of("%s of key '%s' takes no values".formatted(expression.operator(), expression.key()));
        }
        return Optional.empty();
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
