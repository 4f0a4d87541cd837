// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/color",
                "GET|POST",
                "/v[0-9]+/.*",
                "/a\\.b",
                "(?i)get",
                "(?:a|b)c",
                "[[:alpha:]]+",
                "[]a]",
                "[^]]*",
                "a{1,3}?",
                "\\d+\\b",
                "\\pL",
                "\\x41",
                "x{1000}",
                "[*+]+",
                "\\Qa*b\\E"
            })
    void takesWhatRe2Takes(String regex) {
        assertThat(RegexCheck.fault(regex)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a)\\1",
                "(?=a)",
                "(?!a)",
                "(?<=a)b",
                "(?<!a)b",
                "(?>a)",
                "a*+",
                "a++",
                "a?+",
                "a**",
                "a{2}{3}+",
                "\\Z",
                "\\G",
                "\\h",
                "\\k<x>",
                "(a",
                "a)",
                "[a",
                "*a",
                "a{1001}",
                "a{1,2000}",
                "\\",
                "\\u0041",
                "\\cA"
            })
    void refusesWhatRe2Refuses(String regex) {
        assertThat(RegexCheck.fault(regex)).isPresent();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(RegexCheck.fault("a".repeat(2_049)).orElseThrow()).contains("2048");
    }
}
