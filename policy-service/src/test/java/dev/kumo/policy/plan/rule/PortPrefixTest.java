// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PortPrefixTest {
    @Test
    void everyPortIsOnePrefix() {
        assertThat(PortPrefix.cover(0, 65_535)).containsExactly(PortPrefix.ALL);
        assertThat(PortPrefix.cover(80, 80)).containsExactly(new PortPrefix(80, 16));
        assertThat(PortPrefix.cover(65_535, 65_535)).containsExactly(new PortPrefix(65_535, 16));
    }

    @Test
    void prefixesOfARangeAreItsPortsAndNoOthers() {
        var random = new Random(1);
        for (int count = 0; count < 1_000; count++) {
            int first = random.nextInt(65_536);
            int last = first + random.nextInt(65_536 - first);
            int next = first;
            for (var prefix : PortPrefix.cover(first, last)) {
                assertThat(prefix.port()).isEqualTo(next);
                assertThat(prefix.port() & (0xffff >> prefix.length())).isZero();
                next = prefix.last() + 1;
            }
            assertThat(next).isEqualTo(last + 1);
        }
    }
}
