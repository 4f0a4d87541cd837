// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Optional;

/**
 * A coordination.k8s.io/v1 Lease named like those of announcements.
 *
 * @param holder {@code spec.holderIdentity}; empty if unset
 * @param assignment what we wrote into it; empty if it isn't ours
 */
public record LeaseView(String name, String holder, Optional<Assignment> assignment) {
    /** Whether somebody else made it, or put itself in our holder's place. */
    public boolean foreign() {
        return assignment
                .map(ours -> ours.nodes().isEmpty() || !ours.nodes().getFirst().equals(holder))
                .orElse(true);
    }
}
