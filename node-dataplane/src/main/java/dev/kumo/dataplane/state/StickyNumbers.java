// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.state;

import com.fasterxml.jackson.core.type.TypeReference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Numbers of a range for names, kept on disk: a name keeps its number, and one that became free is used again only after all
 * others. Apply-loop thread only.
 */
public final class StickyNumbers {
    private static final Logger LOG = Logger.getLogger(StickyNumbers.class);

    private final StateFile<Content> file;
    private final int first;
    private final int last;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private int next;
    private boolean unsaved;

    @RegisterForReflection
    record Content(int next, Map<String, Integer> numbers) {}

    /** Reads the file; what lies outside the range is left out. */
    public StickyNumbers(Path path, int first, int last) {
        this.file = new StateFile<>(path, new TypeReference<>() {});
        this.first = first;
        this.last = last;
        this.next = first;
        file.readOrSetAside().ifPresent(content -> {
            content.numbers().forEach(this::bind);
            next = inRange(content.next()) ? content.next() : first;
        });
        unsaved = false;
    }

    /** The name's number, a new one if it has none; empty if none is free. {@link #save} before it is used. */
    public Optional<Integer> numberOf(String name) {
        var known = numbers.get(name);
        return known != null ? Optional.of(known) : give(name);
    }

    /** The name's number if it has one. */
    public Optional<Integer> known(String name) {
        return Optional.ofNullable(numbers.get(name));
    }

    /** Names that have a number, sorted. */
    public Set<String> names() {
        return new TreeSet<>(numbers.keySet());
    }

    /** Another number than the name has, which is left for all others; empty if none is free. */
    public Optional<Integer> replace(String name) {
        release(name);
        return give(name);
    }

    /** Takes up what the kernel goes by, whoever had the number or what number the name had before. */
    public void bind(String name, int number) {
        if (!Integer.valueOf(number).equals(numbers.get(name)) && inRange(number)) {
            release(name);
            var other = names.get(number);
            if (other != null) {
                release(other);
            }
            give(name, number);
        }
    }

    public void release(String name) {
        var number = numbers.remove(name);
        if (number != null) {
            names.remove(number);
            unsaved = true;
        }
    }

    /** Writes the file if anything changed. A disk that can't be written holds nothing up; the next call tries again. */
    public void save() {
        if (unsaved) {
            try {
                file.write(new Content(next, new TreeMap<>(numbers)));
                unsaved = false;
            } catch (StateFileException e) {
                LOG.errorf("reason=%s %s; going on without it", e.reason(), e.getMessage());
            }
        }
    }

    private Optional<Integer> give(String name) {
        for (int tries = 0; tries <= last - first; tries++) {
            int number = next;
            next = next == last ? first : next + 1;
            if (!names.containsKey(number)) {
                give(name, number);
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }

    private void give(String name, int number) {
        numbers.put(name, number);
        names.put(number, name);
        unsaved = true;
    }

    private boolean inRange(int number) {
        return number >= first && number <= last;
    }
}
