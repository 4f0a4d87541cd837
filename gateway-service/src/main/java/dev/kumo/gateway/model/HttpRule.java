// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One rule of an HTTPRoute.
 *
 * @param name empty if it has none
 * @param matches any of them; the reader fills in the default, so there is one at least unless there is a fault
 * @param timeout of the whole answer, zero if there is no limit
 * @param fault why the rule can't be served: requests of the matches that could be read get 500
 */
public record HttpRule(
        String name,
        List<HttpMatch> matches,
        List<HttpFilter> filters,
        List<BackendRef> backends,
        Duration timeout,
        Optional<String> fault) {

    /** @param port missing where the reference has none */
    public record BackendTarget(String group, String kind, ObjectKey key, OptionalInt port) {
        public boolean isService() {
            return group.isEmpty() && kind.equals("Service");
        }
    }

    /** A share of the rule's requests; weights count in relation to their sum. */
    public record BackendRef(BackendTarget target, int weight, List<HttpFilter> filters) {}
}
