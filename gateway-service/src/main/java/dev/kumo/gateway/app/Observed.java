// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object as it is planned from, and what it says of itself.
 *
 * @param status as JSON has it; empty without one
 */
public record Observed<V>(V view, String uid, Map<String, Object> status) {
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
