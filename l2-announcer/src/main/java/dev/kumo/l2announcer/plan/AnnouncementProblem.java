// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import java.util.Comparator;

/**
 * Something that is not announced as asked; all else is.
 *
 * @param object such as "Service shop/web"
 */
public record AnnouncementProblem(String object, AnnouncementReason reason, String message)
        implements Comparable<AnnouncementProblem> {
    private static final Comparator<AnnouncementProblem> ORDER = Comparator.comparing(AnnouncementProblem::object)
            .thenComparing(AnnouncementProblem::reason)
            .thenComparing(AnnouncementProblem::message);

    @Override
    public int compareTo(AnnouncementProblem other) {
        return ORDER.compare(this, other);
    }
}
