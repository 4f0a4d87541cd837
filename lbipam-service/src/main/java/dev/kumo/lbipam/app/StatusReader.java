// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.model.ConditionView;
import dev.kumo.lbipam.model.ObjectStamp;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what all kinds have. Stateless. */
final class StatusReader {
    private StatusReader() {}

    static ObjectStamp stamp(ObjectMeta metadata) {
        return new ObjectStamp(
                Objects.requireNonNullElse(metadata.getUid(), ""),
                metadata.getCreationTimestamp() == null
                        ? Instant.EPOCH
                        : Instant.parse(metadata.getCreationTimestamp()),
                Objects.requireNonNullElse(metadata.getGeneration(), 0L));
    }

    /** Sorted by type. */
    static List<ConditionView> conditions(@Nullable List<Condition> conditions) {
        return conditions == null
                ? List.of()
                : conditions.stream()
                        .map(StatusReader::condition)
                        .sorted(Comparator.comparing(ConditionView::type))
                        .toList();
    }

    static ConditionView condition(Condition condition) {
        return new ConditionView(
                condition.getType(),
                condition.getStatus(),
                Objects.requireNonNullElse(condition.getObservedGeneration(), 0L),
                Objects.requireNonNullElse(condition.getReason(), ""),
                Objects.requireNonNullElse(condition.getMessage(), ""));
    }
}
