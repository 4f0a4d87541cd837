// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folders of our pins in bpffs: {@code maps/<name>-<layout hash>}, {@code programs/<name>-<hash of object and config>},
 * {@code links/<program>}.
 */
record Pins(Path root) {
    Pins {
        if (!root.isAbsolute() || root.toString().contains(".")) {
            // bpffs takes no dots in names, and libbpf replaces those it finds.
            throw new IllegalArgumentException("pins need an absolute path without dots: " + root);
        }
    }

    Path maps() {
        return root.resolve("maps");
    }

    Path programs() {
        return root.resolve("programs");
    }

    Path links() {
        return root.resolve("links");
    }

    void create() {
        for (var directory : List.of(maps(), programs(), links())) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make " + directory + "; is bpffs mounted there?", e);
            }
        }
    }

    /** What is pinned in one of the folders, sorted; nothing if it isn't there. */
    static List<Path> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    static void remove(Path pin) {
        try {
            Files.deleteIfExists(pin);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + pin, e);
        }
    }

    /** The name before the hash. */
    static String nameOf(Path pin) {
        var file = pin.getFileName().toString();
        int dash = file.lastIndexOf('-');
        return dash < 0 ? file : file.substring(0, dash);
    }
}
