// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built and what runs it.
 *
 * @param runtime "JVM" or "native"
 */
record BuildInfo(String version, String commit, String date, String runtime) {
    private static final String RESOURCE = "/kumo-build.properties";

    /** Of this program. */
    static BuildInfo own() {
        var properties = new Properties();
        try (var stream = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(
                properties.getProperty("version", "unknown"),
                properties.getProperty("commit", "unknown"),
                properties.getProperty("date", "unknown"),
                System.getProperty("org.graalvm.nativeimage.imagecode") == null ? "JVM" : "native");
    }

    @Override
    public String toString() {
        return String.join(" ", version, commit, date, runtime);
    }
}
