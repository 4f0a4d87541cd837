// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object of a document field by field and remembers what was read, so that a field that nobody serves is seen. Not
 * thread-safe.
 */
final class Fields {
    private final String path;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();

    private Fields(String path, Map<?, ?> values) {
        this.path = path;
        values.forEach((name, value) -> {
            if (value != null) {
                this.values.put(String.valueOf(name), value);
            }
        });
    }

    /** @param value the object, or null which is read as an empty one */
    static Fields of(String path, @Nullable Object value) throws InvalidField {
        if (value == null) {
            return new Fields(path, Map.of());
        }
        if (value instanceof Map<?, ?> map) {
            return new Fields(path, map);
        }
        throw new InvalidField(path, "must be an object");
    }

    String path() {
        return path;
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) throws InvalidField {
        var value = take(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw new InvalidField(path(name), "must be a text");
    }

    String needText(String name) throws InvalidField {
        return text(name).orElseThrow(() -> new InvalidField(path(name), "is missing"));
    }

    OptionalInt integer(String name, int least, int greatest) throws InvalidField {
        var value = take(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value instanceof Integer number && number >= least && number <= greatest) {
            return OptionalInt.of(number);
        }
        throw new InvalidField(path(name), "must be a number from %d to %d".formatted(least, greatest));
    }

    /** The object of that name; an absent one is empty. */
    Fields object(String name) throws InvalidField {
        return of(path(name), take(name));
    }

    List<Fields> objects(String name) throws InvalidField {
        var fields = new ArrayList<Fields>();
        for (var item : list(name)) {
            fields.add(of("%s[%d]".formatted(path(name), fields.size()), item));
        }
        return fields;
    }

    List<String> texts(String name) throws InvalidField {
        var texts = new ArrayList<String>();
        for (var item : list(name)) {
            if (!(item instanceof String text)) {
                throw new InvalidField("%s[%d]".formatted(path(name), texts.size()), "must be a text");
            }
            texts.add(text);
        }
        return texts;
    }

    SortedMap<String, String> map(String name) throws InvalidField {
        var object = object(name);
        var map = new TreeMap<String, String>();
        for (var key : List.copyOf(object.values.keySet())) {
            map.put(key, object.needText(key));
        }
        return map;
    }

    /** Paths of the fields that are set and were not read, in order of their names. */
    List<String> unread() {
        return values.keySet().stream()
                .filter(name -> !read.contains(name))
                .sorted()
                .map(this::path)
                .toList();
    }

    /** @throws InvalidField if a field is set that was not read */
    void end() throws InvalidField {
        var unread = unread();
        if (!unread.isEmpty()) {
            throw new InvalidField(unread.getFirst(), "is not supported");
        }
    }

    private List<?> list(String name) throws InvalidField {
        var value = take(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new InvalidField(path(name), "must be a list");
    }

    private @Nullable Object take(String name) {
        read.add(name);
        return values.get(name);
    }
}
