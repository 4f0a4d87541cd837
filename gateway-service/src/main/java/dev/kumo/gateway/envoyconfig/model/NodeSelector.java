// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

import java.util.List;
import java.util.Map;

/** Which nodes are meant, after meta/v1 LabelSelector: all requirements hold. */
public record NodeSelector(List<Requirement> requirements) {
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** @param values of {@link Operator#IN} and {@link Operator#NOT_IN} */
    public record Requirement(String key, Operator operator, List<String> values) {
        boolean holds(Map<String, String> labels) {
            var value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }
}
