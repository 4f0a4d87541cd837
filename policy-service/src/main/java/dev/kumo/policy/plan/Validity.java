// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import java.time.Duration;
import java.time.Instant;

/** From when to when a certificate is good. */
public record Validity(Instant notBefore, Instant notAfter) {
    /** When two thirds of its life are over. */
    public Instant renewal() {
        return notBefore.plus(
                Duration.between(notBefore, notAfter).multipliedBy(2).dividedBy(3));
    }

    boolean isDue(Instant now) {
        return !renewal().isAfter(now);
    }
}
