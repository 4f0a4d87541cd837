// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.stream.ItemRefusal;
import java.util.Optional;
import java.util.Set;

/**
 * An item of the feed as this node's Envoy is told it. Immutable.
 *
 * @param hash of the item
 * @param resource empty if it can't be told
 * @param routes route configurations that it asks for, if it is a listener
 * @param problem why it can't be told
 */
record Told(long hash, Optional<EnvoyResource> resource, Set<String> routes, Optional<ItemRefusal> problem) {}
