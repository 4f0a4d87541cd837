// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.RuleProblem;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the parser is within an object, and the list that takes what it refuses there.
 *
 * @param text such as {@code spec.ingress[0].toPorts}
 */
record FieldPath(String text, List<RuleProblem> problems) {
    FieldPath field(String name) {
        return new FieldPath(text.isEmpty() ? name : text + "." + name, problems);
    }

    FieldPath item(int index) {
        return new FieldPath("%s[%d]".formatted(text, index), problems);
    }

    /** Accepted by the schema, not done by this version. */
    void unsupported(String message) {
        problems.add(new RuleProblem(RuleProblem.Kind.UNSUPPORTED, text, message));
    }

    void invalid(String message) {
        problems.add(new RuleProblem(RuleProblem.Kind.INVALID, text, message));
    }

    /** Refuses the field if it is there. */
    void refuseIfPresent(@Nullable Object value, String why) {
        if (value != null) {
            unsupported(why);
        }
    }

    /** Visits the items of a list that may be absent. */
    <T> void forEach(@Nullable List<T> items, BiConsumer<FieldPath, T> visit) {
        if (items != null) {
            for (int index = 0; index < items.size(); index++) {
                visit.accept(item(index), items.get(index));
            }
        }
    }
}
