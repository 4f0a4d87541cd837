// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostnameTest {
    private static Hostname host(String text) {
        return text.equals("*") ? Hostname.ANY : Hostname.of(text).orElseThrow();
    }

    @Test
    void namesInCommonAreTheMoreSpecificOnes() {
        assertThat(host("*").intersect(host("a.example.com"))).contains(host("a.example.com"));
        assertThat(host("*.example.com").intersect(host("a.b.example.com"))).contains(host("a.b.example.com"));
        assertThat(host("a.example.com").intersect(host("*.example.com"))).contains(host("a.example.com"));
        assertThat(host("*.example.com").intersect(host("*.a.example.com"))).contains(host("*.a.example.com"));
    }

    @Test
    void aSuffixDoesNotHaveItself() {
        assertThat(host("*.example.com").intersect(host("example.com"))).isEmpty();
        assertThat(host("*.example.com").intersect(host("a.badexample.com"))).isEmpty();
    }

    @Test
    void namesComeBeforeSuffixesAndLongBeforeShort() {
        assertThat(Stream.of("*", "*.com", "x.com", "*.a.com", "long.name.com")
                        .map(HostnameTest::host)
                        .sorted(Hostname.SPECIFICITY)
                        .map(Hostname::text))
                .containsExactly("long.name.com", "x.com", "*.a.com", "*.com", "*");
    }

    @Test
    void whatCoversANameIsFoundWithoutLooking() {
        assertThat(host("a.b.com").covering())
                .containsExactly(host("a.b.com"), host("*.b.com"), host("*.com"), host("*"));
        assertThat(host("*.b.com").covering()).containsExactly(host("*.b.com"), host("*.com"), host("*"));
        assertThat(host("*").covering()).containsExactly(host("*"));
        assertThat(host("a.b.com").covering())
                .allMatch(host -> host.covers(host("a.b.com")))
                .isSortedAccordingTo(Hostname.SPECIFICITY);
    }

    @Test
    void whatIsNoHostNameIsRefused() {
        assertThat(Stream.of("", "*", "a..b", "-a", "a_b", "a.*", "a:80", "a/b", "x".repeat(254))
                        .map(Hostname::of))
                .allMatch(java.util.Optional::isEmpty);
    }
}
