// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the policy service alone. */
@ConfigMapping(prefix = "kumo")
public interface PolicyConfig {
    /** How long a CiliumIdentity that no pod needs stays, such as {@code 10m}. */
    @WithDefault("10m")
    Duration identityCollection();
}
