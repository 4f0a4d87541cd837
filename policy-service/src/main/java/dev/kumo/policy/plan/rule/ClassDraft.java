// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.RequestMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A class whose number and slots are not known yet. @param slots by key */
record ClassDraft(ClassGroup group, List<EntryWriter.Draft> entries, SlotKeys slotKeys, SortedMap<String, Slot> slots) {
    /** What a slot is for. */
    record Slot(Direction direction, List<RequestMatch> requests) {}

    static ClassDraft of(ClassGroup group, NamedPorts ofPeers) {
        List<EntryWriter.Draft> entries = new ArrayList<>();
        for (var direction : Direction.values()) {
            if (group.isEnforced(direction)) {
                var namedPorts = direction == Direction.INGRESS ? NamedPorts.ofSubject(group.namedPorts()) : ofPeers;
                var fallback = group.isDefaultDeny(direction) ? Verdict.NONE : Verdict.PASS;
                var coverage = new Coverage(group.elements(direction), namedPorts, fallback);
                new DirectionPlanning(coverage, new EntryWriter(direction, entries)).plan();
            }
        }
        var keys = new SlotKeys(group.key());
        var slots = new TreeMap<String, Slot>();
        entries.stream()
                .filter(EntryWriter.Draft::isFilter)
                .forEach(entry -> slots.computeIfAbsent(
                        keys.of(entry), key -> new Slot(entry.key().direction(), requests(entry.verdict()))));
        return new ClassDraft(group, entries, keys, slots);
    }

    /** Stands for a class that is too large whatever is left out: nothing passes in the directions that are enforced. */
    static ClassDraft denyAll(ClassGroup group) {
        return new ClassDraft(group, List.of(), new SlotKeys(group.key()), new TreeMap<>());
    }

    boolean isTooLarge() {
        return entries.size() > ClassPlan.CAPACITY;
    }

    /** All that needs a number. */
    Stream<String> keys() {
        return Stream.concat(Stream.of(group.key()), slots.keySet().stream());
    }

    ClassPlan plan(Map<String, Integer> numbers) {
        var numbered = entries.stream()
                .map(entry -> new PolicyEntry(
                        entry.key(),
                        entry.verdict().kind() == Verdict.Kind.DENY,
                        entry.isFilter() ? number(slotKeys.of(entry), numbers) : 0,
                        entry.verdict().policies()))
                .toList();
        var places = new ArrayList<PolicySlot>();
        slots.forEach((key, slot) -> {
            int number = number(key, numbers);
            places.add(new PolicySlot(number, slot.direction(), number));
        });
        return new ClassPlan(
                number(group.key(), numbers),
                group.isEnforced(Direction.INGRESS),
                group.isEnforced(Direction.EGRESS),
                numbered,
                places);
    }

    private static int number(String key, Map<String, Integer> numbers) {
        return Objects.requireNonNull(numbers.get(key), key);
    }

    private static List<RequestMatch> requests(Verdict verdict) {
        return verdict.filters().stream()
                .flatMap(element -> element.element().requests().stream())
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
