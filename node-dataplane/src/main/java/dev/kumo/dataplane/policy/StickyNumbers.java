// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.kumo.dataplane.state.StateFile;
import dev.kumo.dataplane.state.StateFileException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Numbers of a range for names, kept on disk: a name keeps its number, and one that became free is used again only after all
 * others. Apply-loop thread only.
 */
final class StickyNumbers {
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
    StickyNumbers(Path path, int first, int last) {
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
    Optional<Integer> numberOf(String name) {
        var known = numbers.get(name);
        return known != null ? Optional.of(known) : give(name);
    }

    /** Another number than the name has, which is left for all others; empty if none is free. */
    Optional<Integer> replace(String name) {
        release(name);
        return give(name);
    }

    /** Takes up what the kernel goes by, whoever had the number or what number the name had before. */
    void bind(String name, int number) {
        if (!Integer.valueOf(number).equals(numbers.get(name)) && inRange(number)) {
            release(name);
            var other = names.get(number);
            if (other != null) {
                release(other);
            }
            give(name, number);
        }
    }

    void release(String name) {
        var number = numbers.remove(name);
        if (number != null) {
            names.remove(number);
            unsaved = true;
        }
    }

    /** Writes the file if anything changed. A disk that can't be written holds nothing up; the next call tries again. */
    void save() {
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
