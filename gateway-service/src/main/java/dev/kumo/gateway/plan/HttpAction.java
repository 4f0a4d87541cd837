// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpFilter;
import dev.kumo.gateway.model.HttpFilter.HeaderChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What becomes of a request. */
public sealed interface HttpAction {
    /** Answers by itself. */
    record Respond(int status) implements HttpAction {}

    /** @param redirect as the route says; what it leaves out is derived from the listener */
    record Redirect(HttpFilter.Redirect redirect) implements HttpAction {}

    /**
     * Sends it to a backend.
     *
     * @param shares at least one, each with a weight above zero
     * @param refused weight of backends that can't be served: their share is answered with 500
     * @param timeout zero means none
     */
    record Forward(
            List<Share> shares,
            int refused,
            Optional<HttpFilter.Rewrite> rewrite,
            List<MirrorShare> mirrors,
            Duration timeout)
            implements HttpAction {}

    /** @param cluster name of a {@link BackendCluster} */
    record Share(String cluster, int weight, HeaderChange request, HeaderChange response) {}

    /** @param cluster name of a {@link BackendCluster} */
    record MirrorShare(String cluster, int numerator, int denominator) {}
}
