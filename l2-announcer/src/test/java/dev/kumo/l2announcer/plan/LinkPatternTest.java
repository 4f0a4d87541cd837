// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkPatternTest {
    @Test
    void isFoundAnywhereInTheName() {
        assertThat(LinkPattern.of("eth").matches("veth0")).isTrue();
        assertThat(LinkPattern.of("^eth[0-9]+$").matches("veth0")).isFalse();
        assertThat(LinkPattern.of("^eth[0-9]+$").matches("eth12")).isTrue();
        assertThat(LinkPattern.of("").matches("eth0")).isTrue();
    }

    @Test
    void readsWhatGoWritesInAnotherWay() {
        assertThat(LinkPattern.of("^en[[:alpha:]][[:digit:]]$").matches("eno1")).isTrue();
        assertThat(LinkPattern.of("^[[:^digit:]]+$").matches("eth0")).isFalse();
        assertThat(LinkPattern.of("(?P<kind>bond|team)0").matches("team0")).isTrue();
        assertThat(LinkPattern.of("(?i)ETH").matches("eth0")).isTrue();
    }

    @Test
    void refusesWhatRe2Lacks() {
        for (var regex :
                List.of("(?=eth)", "(?<!v)eth", "(?>eth)", "(eth)\\1", "eth*+", "a{2}+", "[a-z&&[eth]]", "\\G")) {
            assertThatIllegalArgumentException().as(regex).isThrownBy(() -> LinkPattern.of(regex));
        }
        for (var regex : List.of("eth[", "(eth", "*eth", "[[:none:]]", "x".repeat(1_001))) {
            assertThatIllegalArgumentException().as(regex).isThrownBy(() -> LinkPattern.of(regex));
        }
        assertThat(LinkPattern.of("a\\\\1").matches("a\\1"))
                .as("an escaped backslash is no reference")
                .isTrue();
    }
}
