// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What was built: version, commit and date as the build wrote them, and what runs it. */
@RegisterForReflection
record BuildInfo(String version, String commit, String date, String runtime) {
    private static final String RESOURCE = "/kumo-build.properties";

    static BuildInfo read() {
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
                properties.getProperty("version", ""),
                properties.getProperty("commit", ""),
                properties.getProperty("date", ""),
                runtimeName());
    }

    private static String runtimeName() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") == null ? "JVM" : "native";
    }
}
