// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.Collection;

/** Takes a change of what Envoy is to hold, as {@link AdsServer#publish}. */
@FunctionalInterface
public interface Publisher {
    void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes);
}
