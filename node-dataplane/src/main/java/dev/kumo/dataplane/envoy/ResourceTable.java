// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that Envoy is to hold, by type and name. On the ADS thread only. */
final class ResourceTable {
    private final Map<ResourceType, SortedMap<String, EnvoyResource>> resources = new EnumMap<>(ResourceType.class);

    SortedMap<String, EnvoyResource> of(ResourceType type) {
        return resources.getOrDefault(type, Collections.emptySortedMap());
    }

    @Nullable
    EnvoyResource get(ResourceType type, String name) {
        return of(type).get(name);
    }

    /** @return whether its content is new */
    boolean put(EnvoyResource resource) {
        var before = resources
                .computeIfAbsent(resource.name().type(), _ -> new TreeMap<>())
                .put(resource.name().name(), resource);
        return before == null || !before.version().equals(resource.version());
    }

    /** @return whether it was there */
    boolean remove(ResourceName name) {
        var ofType = resources.get(name.type());
        return ofType != null && ofType.remove(name.name()) != null;
    }

    int size() {
        return resources.values().stream().mapToInt(Map::size).sum();
    }
}
