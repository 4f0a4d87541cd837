// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The stock Envoy of images/envoy: by system property {@code kumo.envoy}, or as the image build left it in the cache. */
final class EnvoyBinary {
    private EnvoyBinary() {}

    static Path path() {
        var given = System.getProperty("kumo.envoy", "");
        var path = given.isEmpty() ? cached() : Optional.of(Path.of(given));
        return path.filter(Files::isExecutable)
                .orElseThrow(() ->
                        new AssertionError("no Envoy to test with: run images/build envoy, or set -Dkumo.envoy=PATH"
                                + (given.isEmpty() ? "" : "; not executable: " + given)));
    }

    private static Optional<Path> cached() {
        var cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache"));
        var images = cache.resolve("kumo/images");
        if (!Files.isDirectory(images)) {
            return Optional.empty();
        }
        try (var found = Files.newDirectoryStream(images, "envoy-*")) {
            for (var image : found) {
                var binary = image.resolve("usr/local/bin/envoy");
                if (Files.isExecutable(binary)) {
                    return Optional.of(binary);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
