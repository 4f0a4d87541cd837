// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.concurrent.CompletionStage;

/** Finds out who is calling. */
@FunctionalInterface
public interface FeedAuthenticator {
    /** Never blocks and never fails: what went wrong is a refusal with its reason. */
    CompletionStage<Authentication> authenticate(String bearerToken);
}
