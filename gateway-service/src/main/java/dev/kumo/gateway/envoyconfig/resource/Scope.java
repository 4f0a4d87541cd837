// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import dev.kumo.gateway.envoyconfig.model.ResourceNames;
import dev.kumo.gateway.model.ObjectKey;
import java.util.Set;

/**
 * What the resources of one object may say and refer to.
 *
 * @param restricted whether the table of what is allowed holds; without it only Envoy judges
 * @param services whose endpoints may be used
 */
public record Scope(ResourceNames names, boolean restricted, Set<ObjectKey> services) {}
