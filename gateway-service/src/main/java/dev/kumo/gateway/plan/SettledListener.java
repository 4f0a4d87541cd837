// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ListenerView;
import dev.kumo.gateway.model.ListenerView.RouteKind;
import dev.kumo.gateway.model.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * A listener and what is wrong with it.
 *
 * @param kinds of routes that may attach
 * @param secrets with its certificates; empty unless all of them can be served
 * @param refused why it isn't accepted
 * @param conflict with another listener of the Gateway
 * @param unresolved what it refers to and can't have
 */
record SettledListener(
        ListenerView view,
        List<RouteKind> kinds,
        List<ObjectKey> secrets,
        Optional<Fault> refused,
        Optional<Fault> conflict,
        Optional<Fault> unresolved) {

    boolean accepted() {
        return refused.isEmpty() && conflict.isEmpty();
    }

    /** Whether there is traffic through it. */
    boolean serves() {
        return accepted() && !kinds.isEmpty() && (view.tls().isEmpty() || !secrets.isEmpty());
    }
}
