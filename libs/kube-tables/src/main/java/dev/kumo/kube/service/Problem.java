// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import java.util.Comparator;

/**
 * Something that cannot be made true; all else is.
 *
 * @param object whose problem it is, such as "Service shop/web"
 * @param reason a constant of the planner's enum of reasons
 */
public record Problem(String object, String reason, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::object).thenComparing(Problem::reason).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return object + ": " + reason + ": " + message;
    }
}
