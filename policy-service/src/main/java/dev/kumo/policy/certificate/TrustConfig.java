// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.certificate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the feeds' certificates live; each is renewed at two thirds. */
@ConfigMapping(prefix = "kumo")
public interface TrustConfig {
    /** Life of the certificate authority. */
    @WithDefault("1095d")
    Duration caLifetime();

    /** Life of a service's certificate; an old authority stays trusted as long. */
    @WithDefault("90d")
    Duration certificateLifetime();
}
