// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Envoy of our image, asked what it makes of a configuration. {@code -Dkumo.envoy=<path>} names another. Tests that use it are
 * among those that run with everything built.
 */
public record EnvoyBinary(Path path) {
    public static EnvoyBinary find() throws IOException {
        var named = System.getProperty("kumo.envoy");
        Optional<Path> found = named == null ? cached() : Optional.of(Path.of(named));
        return new EnvoyBinary(found.filter(Files::isExecutable)
                .orElseThrow(() -> new AssertionError("no Envoy: run images/build envoy first")));
    }

    /** @param bootstrap as JSON @param scratch a folder for it and for what Envoy says */
    public void accepts(String bootstrap, Path scratch) throws IOException, InterruptedException {
        var file = scratch.resolve("bootstrap.json");
        Files.writeString(file, bootstrap);
        var log = scratch.resolve("log");
        var process = new ProcessBuilder(path.toString(), "--mode", "validate", "-l", "warn", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor())
                .as("envoy said: %s", Files.readString(log))
                .isZero();
    }

    private static Optional<Path> cached() throws IOException {
        var images = Path.of(System.getProperty("user.home"), ".cache/kumo/images");
        if (!Files.isDirectory(images)) {
            return Optional.empty();
        }
        try (var folders = Files.list(images)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("envoy-"))
                    .map(folder -> folder.resolve("usr/local/bin/envoy"))
                    .filter(Files::isExecutable)
                    .sorted()
                    .findFirst();
        }
    }
}
