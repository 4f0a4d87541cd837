// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** What is asked in the lab wherever TCP answers. @param team whether it bears header {@code X-Team: blue} */
record LabRequest(String method, String path, boolean team) {
    private static final Pattern RULE = Pattern.compile("(\\S*) (\\S*) \\[(.*)]");

    static LabRequest some(Random random) {
        return new LabRequest(
                List.of("GET", "POST").get(random.nextInt(2)),
                List.of("/", "/color", "/v1/x", "/other").get(random.nextInt(4)),
                random.nextBoolean());
    }

    /** Whether Envoy lets it pass by a decision that leaves it to HTTP rules. */
    boolean passes(Decision decision) {
        return decision.requests().stream().anyMatch(this::matches);
    }

    /** @param rule as {@link NaiveEvaluator} writes it */
    private boolean matches(String rule) {
        var parts = RULE.matcher(rule);
        if (!parts.matches()) {
            throw new AssertionError(rule);
        }
        return (parts.group(1).isEmpty() || method.matches(parts.group(1)))
                && (parts.group(2).isEmpty() || path.matches(parts.group(2)))
                && (parts.group(3).isEmpty() || (team && parts.group(3).equals("X-Team: blue")));
    }
}
