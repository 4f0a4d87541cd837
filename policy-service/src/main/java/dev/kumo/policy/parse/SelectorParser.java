// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.Requirement.Operator;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Label selectors to requirements. In Cilium's kinds a key may carry its source: {@code k8s:app}, {@code any:app}. */
final class SelectorParser {
    private static final Set<String> SOURCES = Set.of(Requirement.KUBERNETES, Requirement.RESERVED, Requirement.ANY);
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_./]{0,316}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private final boolean sourced;
    private final String prefix;

    private SelectorParser(boolean sourced, String prefix) {
        this.sourced = sourced;
        this.prefix = prefix;
    }

    /** For Cilium's kinds: keys with their source, any source if there is none. */
    static SelectorParser cilium() {
        return new SelectorParser(true, "");
    }

    /** For labels of Kubernetes objects. @param prefix put before each key */
    static SelectorParser kubernetes(String prefix) {
        return new SelectorParser(false, prefix);
    }

    /** What the selector demands; nothing if it is empty. */
    List<Requirement> parse(LabelSelector selector, FieldPath path) {
        var requirements = new ArrayList<Requirement>();
        if (selector.getMatchLabels() != null) {
            var labels = path.field("matchLabels");
            selector.getMatchLabels().forEach((key, value) -> {
                checkValue(value, labels);
                requirements.add(requirement(key, Operator.IN, Set.of(value == null ? "" : value), labels));
            });
        }
        path.field("matchExpressions")
                .forEach(selector.getMatchExpressions(), (at, expression) -> add(expression, requirements, at));
        return requirements;
    }

    private void add(LabelSelectorRequirement expression, List<Requirement> requirements, FieldPath path) {
        var values = expression.getValues() == null ? List.<String>of() : expression.getValues();
        if (expression.getKey() == null || expression.getOperator() == null) {
            path.invalid("key and operator must be given");
            return;
        }
        var operator = switch (expression.getOperator()) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.ABSENT;
            default -> null;
        };
        if (operator == null) {
            path.field("operator").invalid("must be In, NotIn, Exists or DoesNotExist");
            return;
        }
        boolean needsValues = operator == Operator.IN || operator == Operator.NOT_IN;
        if (needsValues == values.isEmpty()) {
            path.field("values")
                    .invalid(needsValues ? "must not be empty" : "must be absent with " + expression.getOperator());
        }
        path.field("values").forEach(values, (at, value) -> checkValue(value, at));
        requirements.add(requirement(expression.getKey(), operator, Set.copyOf(values), path));
    }

    private Requirement requirement(String key, Operator operator, Set<String> values, FieldPath path) {
        var source = sourced ? Requirement.ANY : Requirement.KUBERNETES;
        var name = key;
        int colon = sourced ? key.indexOf(':') : -1;
        if (colon >= 0) {
            source = key.substring(0, colon);
            name = key.substring(colon + 1);
            if (!SOURCES.contains(source)) {
                path.unsupported("labels of source \"%s\"".formatted(source));
            }
        }
        if (!KEY.matcher(name).matches()) {
            path.invalid("\"%s\" is not the key of a label".formatted(key));
        }
        return new Requirement(source, prefix + name, operator, new TreeSet<>(values));
    }

    private static void checkValue(@Nullable String value, FieldPath path) {
        if (value != null && !VALUE.matcher(value).matches()) {
            path.invalid("\"%s\" is not the value of a label".formatted(value));
        }
    }
}
