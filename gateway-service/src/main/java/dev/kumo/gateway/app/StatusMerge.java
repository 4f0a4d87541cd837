// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts what we say into a status: fields that are not ours stay, and so do entries of {@code parents} of other controllers and
 * top-level conditions of types that we don't write. A condition whose status stays keeps its lastTransitionTime. Stateless.
 */
final class StatusMerge {
    private static final String CONDITIONS = "conditions";
    private static final String SINCE = "lastTransitionTime";
    private static final String PARENTS = "parents";
    private static final String CONTROLLER = "controllerName";
    private static final Set<String> DETAILS = Set.of("message", "attachedRoutes");

    private StatusMerge() {}

    /**
     * @param present as the object says now
     * @param wanted what we say, conditions without lastTransitionTime
     * @param controller whose entries of {@code parents} are ours
     * @return the whole status; numbers are Long, so that equal ones compare equal
     */
    static Map<String, Object> merge(
            Map<String, Object> present, Map<String, Object> wanted, String controller, Instant now) {
        var before = object(canonical(present));
        var merged = new TreeMap<>(before);
        object(canonical(wanted)).forEach((name, value) -> {
            var old = objects(before.get(name));
            merged.put(
                    name,
                    switch (name) {
                        case CONDITIONS -> withForeign(old, conditions(objects(value), old, now));
                        case "listeners" -> entries(objects(value), old, "name", now);
                        case PARENTS -> parents(objects(value), old, controller, now);
                        default -> value;
                    });
        });
        return merged;
    }

    /** The same with numbers as Long and fields in order. */
    static Object canonical(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, Object>();
                map.forEach((name, field) -> {
                    if (field != null) {
                        sorted.put(String.valueOf(name), canonical(field));
                    }
                });
                yield sorted;
            }
            case List<?> list ->
                list.stream()
                        .map(Objects::requireNonNull)
                        .map(StatusMerge::canonical)
                        .toList();
            case Number number -> number.longValue();
            default -> value;
        };
    }

    /** What people or controllers wait for: all but messages and counts of routes. @param status canonical */
    static Object withoutDetails(Object status) {
        return switch (status) {
            case Map<?, ?> map -> {
                var kept = new TreeMap<String, Object>();
                map.forEach((name, field) -> {
                    if (!DETAILS.contains(name)) {
                        kept.put(String.valueOf(name), withoutDetails(field));
                    }
                });
                yield kept;
            }
            case List<?> list -> list.stream().map(StatusMerge::withoutDetails).toList();
            default -> status;
        };
    }

    private static List<Object> withForeign(List<Map<String, Object>> old, List<Map<String, Object>> ours) {
        var types = ours.stream().map(condition -> condition.get("type")).toList();
        var all = new ArrayList<Object>();
        old.stream().filter(condition -> !types.contains(condition.get("type"))).forEach(all::add);
        all.addAll(ours);
        return all;
    }

    private static List<Object> parents(
            List<Map<String, Object>> wanted, List<Map<String, Object>> old, String controller, Instant now) {
        var all = new ArrayList<Object>();
        old.stream().filter(entry -> !controller.equals(entry.get(CONTROLLER))).forEach(all::add);
        all.addAll(entries(
                wanted,
                old.stream()
                        .filter(entry -> controller.equals(entry.get(CONTROLLER)))
                        .toList(),
                "parentRef",
                now));
        return all;
    }

    private static List<Object> entries(
            List<Map<String, Object>> wanted, List<Map<String, Object>> old, String key, Instant now) {
        var all = new ArrayList<Object>();
        for (var entry : wanted) {
            var before = old.stream()
                    .filter(candidate -> Objects.equals(candidate.get(key), entry.get(key)))
                    .findFirst();
            var merged = new LinkedHashMap<>(entry);
            merged.put(
                    CONDITIONS,
                    conditions(
                            objects(entry.get(CONDITIONS)),
                            before.map(found -> objects(found.get(CONDITIONS))).orElse(List.of()),
                            now));
            all.add(new TreeMap<>(merged));
        }
        return all;
    }

    private static List<Map<String, Object>> conditions(
            List<Map<String, Object>> wanted, List<Map<String, Object>> old, Instant now) {
        return wanted.stream()
                .map(condition -> {
                    Map<String, Object> merged = new TreeMap<>(condition);
                    merged.put(
                            SINCE,
                            since(condition, old)
                                    .orElseGet(() ->
                                            now.truncatedTo(ChronoUnit.SECONDS).toString()));
                    return merged;
                })
                .toList();
    }

    private static Optional<Object> since(Map<String, Object> condition, List<Map<String, Object>> old) {
        return old.stream()
                .filter(before -> Objects.equals(before.get("type"), condition.get("type"))
                        && Objects.equals(before.get("status"), condition.get("status"))
                        && before.containsKey(SINCE))
                .map(before -> before.get(SINCE))
                .findFirst();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<Map<String, Object>> objects(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(StatusMerge::object).toList()
                : List.of();
    }
}
