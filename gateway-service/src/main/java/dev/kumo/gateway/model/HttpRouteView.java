// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An HTTPRoute.
 *
 * @param hostnames empty means every host of the listener
 * @param fault why none of it can be served
 */
public record HttpRouteView(
        ObjectKey key,
        Stamp stamp,
        List<ParentRef> parents,
        List<Hostname> hostnames,
        List<HttpRule> rules,
        Optional<String> fault) {

    /** The Gateway, or listeners of it, that a route wants to attach to. Defaults are filled in. */
    public record ParentRef(String group, String kind, ObjectKey key, Optional<String> section, OptionalInt port) {
        public boolean isGateway() {
            return group.equals("gateway.networking.k8s.io") && kind.equals("Gateway");
        }
    }
}
