// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import java.util.HashMap;
import java.util.Map;

/**
 * What the slots of one class stand for: direction, ports, and which elements decide. Not the elements' HTTP rules, so that
 * an edit of these keeps the slot.
 */
final class SlotKeys {
    private record Place(Direction direction, PortTable.Segment segment) {}

    private final String classKey;
    private final Map<Place, String> keys = new HashMap<>();

    SlotKeys(String classKey) {
        this.classKey = classKey;
    }

    String of(EntryWriter.Draft entry) {
        return keys.computeIfAbsent(new Place(entry.key().direction(), entry.segment()), this::key);
    }

    private String key(Place place) {
        var origins = place.segment().verdict().filters().stream()
                .map(BoundElement::origin)
                .distinct()
                .sorted()
                .toList();
        return StableNumbers.key(
                "slot",
                "%s %s %d-%d %s"
                        .formatted(
                                classKey,
                                place.direction(),
                                place.segment().first(),
                                place.segment().last(),
                                origins));
    }
}
