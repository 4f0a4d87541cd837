// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** sessionAffinity ClientIP. */
@Tag("privileged")
class AffinityTest {
    private static final FrontendKey FRONTEND = new FrontendKey(Address.of(SERVICE), 80, TCP, FrontendKey.INTERNAL);
    private final Node node = new Node(Routing.VXLAN);
    private int local;
    private int remote;

    @BeforeEach
    void addBackends() {
        local = node.backend(SECOND_POD, 8080, TCP);
        remote = node.backend(REMOTE_POD, 8080, TCP);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void allConnectionsOfAClientGoToOneBackend() {
        node.frontend(FRONTEND, 1, Frontend.AFFINITY, 10800, local, remote);
        assertThat(IntStream.range(0, 64).mapToObj(this::backendOf).collect(Collectors.toSet()))
                .hasSize(1);
    }

    @Test
    void withoutAffinityAllBackendsServe() {
        node.frontend(FRONTEND, 1, 0, 0, local, remote);
        assertThat(IntStream.range(0, 64).mapToObj(this::backendOf).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(SECOND_POD, REMOTE_POD);
    }

    @Test
    void aBackendThatHasLeftTheSetIsGivenUpAndOneThatHasMovedInItIsNot() {
        node.frontend(FRONTEND, 1, Frontend.AFFINITY, 10800, local);
        assertThat(backendOf(0)).isEqualTo(SECOND_POD);
        node.frontend(FRONTEND, 1, Frontend.AFFINITY, 10800, remote, remote, local);
        assertThat(backendOf(1)).isEqualTo(SECOND_POD);
        node.frontend(FRONTEND, 1, Frontend.AFFINITY, 10800, remote);
        assertThat(backendOf(2)).isEqualTo(REMOTE_POD);
    }

    private String backendOf(int connection) {
        return node.fromPod(Packet.syn(POD, 40000 + connection, SERVICE, 80))
                .redirected()
                .destination();
    }
}
