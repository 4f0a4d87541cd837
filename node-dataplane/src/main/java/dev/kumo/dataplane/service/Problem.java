// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.stream.Reason;
import java.util.Comparator;

/** A part of what an owner asks for that this node does not serve, and why; the rest is served. */
public record Problem(Owner owner, Reason reason, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::owner).thenComparing(Problem::reason).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }
}
