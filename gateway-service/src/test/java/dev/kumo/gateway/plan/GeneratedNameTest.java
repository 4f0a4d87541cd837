// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeneratedNameTest {
    private static final String LONG = "test-long-long-long-long-long-long-long-long-long-long-long-long-name";

    @Test
    void aShortNameIsKept() {
        assertThat(GeneratedName.service("color-gw")).isEqualTo("cilium-gateway-color-gw");
    }

    @Test
    void aLongNameIsCutAndHashedAsCiliumDoesIt() {
        assertThat(GeneratedName.service(LONG))
                .isEqualTo("cilium-gateway-test-long-long-long-long-long-long-lo-8tfth549c6");
        assertThat(GeneratedName.shorten(LONG))
                .isEqualTo("test-long-long-long-long-long-long-long-long-long-lo-4bftbgh5ht");
    }
}
