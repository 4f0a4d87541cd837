// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrParserTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "10.1.2.3/8, 10.0.0.0/8",
        "192.0.2.7, 192.0.2.7/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::/32, 2001:db8:0:0:0:0:0:0/32",
        "::/0, 0:0:0:0:0:0:0:0/0",
        "::1, 0:0:0:0:0:0:0:1/128"
    })
    void readsBlocksAndAddresses(String text, String block) {
        assertThat(CidrParser.parse(text).orElseThrow()).hasToString(block);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.256",
                "a.b.c.d",
                "localhost",
                "::/129",
                "fe80::1%eth0",
                "1:2:3",
                "10.0.0.0/255.0.0.0",
                " 10.0.0.1"
            })
    void refusesTheRest(String text) {
        assertThat(CidrParser.parse(text)).isEmpty();
    }
}
