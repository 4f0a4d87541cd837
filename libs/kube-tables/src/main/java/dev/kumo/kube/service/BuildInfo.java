// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ImageMode;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which build this is, as {@code kumo version} and the metric {@code kumo_build_info} tell. */
@Singleton
public final class BuildInfo {
    private final String version;
    private final String commit;

    BuildInfo(@ConfigProperty(name = "quarkus.application.version") String version, ControlConfig config) {
        this.version = version;
        this.commit = config.commit();
    }

    public String version() {
        return version;
    }

    public String commit() {
        return commit;
    }

    /** "native" or "JVM". */
    public String runtime() {
        return ImageMode.current() == ImageMode.JVM ? "JVM" : "native";
    }

    public void bindTo(MeterRegistry registry) {
        Gauge.builder("kumo.build.info", () -> 1)
                .tag("version", version)
                .tag("commit", commit)
                .tag("runtime", runtime())
                .register(registry);
    }
}
