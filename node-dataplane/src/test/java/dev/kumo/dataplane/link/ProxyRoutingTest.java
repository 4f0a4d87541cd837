// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules of redirection in a namespace of the test's own, looked at with ip(8). */
@Tag("privileged")
class ProxyRoutingTest {
    private TestNamespace namespace;

    @BeforeEach
    void make() throws Exception {
        namespace = TestNamespace.create("proxy");
    }

    @AfterEach
    void remove() throws Exception {
        namespace.close();
    }

    @Test
    void markedPacketsAreForTheNodeItselfHoweverOftenItIsPrepared() throws Exception {
        prepare();
        prepare();
        assertThat(rules())
                .containsExactly(
                        "0: from all lookup local",
                        "8: from all fwmark 0x200/0xf00 iif lo lookup main proto 75",
                        "9: from all fwmark 0x200/0xf00 lookup 2004 proto 75",
                        "32766: from all lookup main",
                        "32767: from all lookup default");
        assertThat(namespace.ip("route", "show", "table", "2004").strip())
                .matches("local default dev lo proto 75 scope host *");
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/tcp_early_demux")).isEqualTo("0\n");
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/tcp_migrate_req")).isEqualTo("1\n");
        assertThat(namespace.ip("route", "get", "10.244.9.9", "from", "10.244.8.8", "iif", "lo", "mark", "0x1f200"))
                .contains("local 10.244.9.9");
    }

    @Test
    void nothingOfItIsLeftAfterARelease() throws Exception {
        prepare();
        release();
        release();
        assertThat(rules())
                .containsExactly(
                        "0: from all lookup local", "32766: from all lookup main", "32767: from all lookup default");
        assertThat(namespace.ip("route", "show", "table", "all")).doesNotContain("2004");
    }

    private List<String> rules() throws Exception {
        return namespace
                .ip("rule")
                .lines()
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .toList();
    }

    private void prepare() throws Exception {
        namespace.call(() -> {
            try (var links = new KernelLinks()) {
                links.prepareNode();
            }
            return true;
        });
    }

    private void release() throws Exception {
        namespace.call(() -> {
            try (var links = new KernelLinks()) {
                links.releaseNode();
            }
            return true;
        });
    }
}
