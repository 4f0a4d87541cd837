// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static dev.kumo.policy.plan.rule.NaiveLists.items;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.HashMap;
import java.util.Map;

/** Whether labels are selected. */
final class NaiveLabels {
    private NaiveLabels() {}

    static boolean selects(LabelSelector selector, World.Party party, String source, String prefix) {
        Map<String, String> labels = switch (party) {
            case World.Party.Pod pod -> pod.labels();
            case World.Party.Reserved reserved -> {
                var names = new HashMap<String, String>();
                reserved.names().forEach(name -> names.put("reserved:" + name, ""));
                yield names;
            }
            case World.Party.Outside outside -> Map.of("reserved:world", "");
        };
        return holds(selector, labels, source, prefix);
    }

    static boolean holds(LabelSelector selector, Map<String, String> labels, String source, String prefix) {
        if (selector.getMatchLabels() != null) {
            for (var label : selector.getMatchLabels().entrySet()) {
                if (!label.getValue().equals(value(labels, source, prefix, label.getKey()))) {
                    return false;
                }
            }
        }
        for (var expression : items(selector.getMatchExpressions())) {
            var value = value(labels, source, prefix, expression.getKey());
            boolean listed = value != null && items(expression.getValues()).contains(value);
            boolean right = switch (expression.getOperator()) {
                case "In" -> listed;
                case "NotIn" -> !listed;
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> throw new AssertionError(expression);
            };
            if (!right) {
                return false;
            }
        }
        return true;
    }

    static String value(Map<String, String> labels, String source, String prefix, String key) {
        if (!source.isEmpty()) {
            return labels.get(source + prefix + key);
        }
        if (key.startsWith("k8s:") || key.startsWith("reserved:")) {
            return labels.get(key);
        }
        var bare = key.startsWith("any:") ? key.substring(4) : key;
        return labels.getOrDefault("k8s:" + bare, labels.get("reserved:" + bare));
    }
}
