// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.model.ServiceView.Owner;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the Services that we want stand in the cluster. Immutable. */
final class GeneratedServices {
    private final Map<ObjectKey, ServiceView> present;
    private final Map<ObjectKey, String> refused;

    /** @param refused what the API server said of our last write, by Service */
    GeneratedServices(Collection<ServiceView> present, Map<ObjectKey, String> refused) {
        this.present = present.stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
        this.refused = Map.copyOf(refused);
    }

    /** Why the Service can't be had. */
    Optional<String> fault(ObjectKey key, Owner owner) {
        if (isForeign(key, owner)) {
            return Optional.of(
                    "Service %s is not ours and is left alone; nothing is served until it is gone".formatted(key));
        }
        return Optional.ofNullable(refused.get(key)).map(why -> "Service %s: %s".formatted(key, why));
    }

    /** Whether somebody else has a Service of the name. */
    boolean isForeign(ObjectKey key, Owner owner) {
        var service = present.get(key);
        return service != null && !service.madeFor().equals(Optional.of(owner));
    }

    /** Addresses of a Service of ours. */
    List<String> addresses(ObjectKey key, Owner owner) {
        var service = present.get(key);
        return service == null || isForeign(key, owner) ? List.of() : service.addresses();
    }
}
