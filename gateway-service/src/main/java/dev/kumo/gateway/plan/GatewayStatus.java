// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ListenerView.RouteKind;
import dev.kumo.gateway.model.ObjectKey;
import java.util.List;

/** The status of one of our Gateways; listeners in the order of its spec. */
public record GatewayStatus(
        ObjectKey key, List<String> addresses, List<Condition> conditions, List<ListenerStatus> listeners) {

    public record ListenerStatus(
            String name, List<RouteKind> supportedKinds, int attachedRoutes, List<Condition> conditions) {}
}
