// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpRouteView.ParentRef;
import dev.kumo.gateway.model.ObjectKey;
import java.util.List;

/** What our Gateways say of a route: an entry for each of its parentRefs to one of them, in the order of its spec. */
public record RouteStatus(ObjectKey key, List<ParentStatus> parents) {
    public record ParentStatus(ParentRef parent, List<Condition> conditions) {}
}
