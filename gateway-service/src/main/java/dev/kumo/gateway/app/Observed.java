// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object as it is planned from, and what it says of itself.
 *
 * @param status as JSON has it; empty without one
 */
public record Observed<V>(V view, String uid, Map<String, Object> status) {
    /** Whether the status says so of this generation of the object. */
    boolean says(String type, long generation) {
        return status.get("conditions") instanceof List<?> conditions
                && conditions.stream()
                        .anyMatch(entry -> entry instanceof Map<?, ?> condition
                                && type.equals(condition.get("type"))
                                && "True".equals(condition.get("status"))
                                && condition.get("observedGeneration") instanceof Number observed
                                && observed.longValue() == generation);
    }

    /** @param status its status, of whatever type */
    @SuppressWarnings("unchecked")
    static <V> Observed<V> of(
            V view, HasMetadata resource, @Nullable Object status, KubernetesSerialization serialization) {
        return new Observed<>(
                view,
                Objects.requireNonNullElse(resource.getMetadata().getUid(), ""),
                status == null ? Map.of() : serialization.convertValue(status, Map.class));
    }
}
