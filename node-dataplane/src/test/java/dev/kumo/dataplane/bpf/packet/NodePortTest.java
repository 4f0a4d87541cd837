// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.OTHER_NODE;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.POD_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client on the LAN that uses a service of this node's address. */
@Tag("privileged")
class NodePortTest {
    private static final int WORLD = 2;
    private final Node node = new Node(Routing.VXLAN);
    private final Packet syn = Packet.syn(CLIENT, 50000, ADDRESS, 30080);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aBackendOnThisNodeSeesTheClientAndAnswersUnderTheNodesAddress() {
        node.nodePort(30080, TCP, node.backend(POD, 8080, TCP));
        var delivered = node.fromNetdev(syn).marked(WORLD, false, false);
        assertThat(delivered.redirected()).isEqualTo(Packet.syn(CLIENT, 50000, POD, 8080));
        node.toPod(delivered.redirected(), delivered.run().mark()).passed();

        var answer = node.fromPod(delivered.redirected().answer()).marked(POD_IDENTITY, true, false);
        assertThat(node.toNetdev(answer.passed(), answer.run().mark()).passed()).isEqualTo(syn.answer());
    }

    @Test
    void aBackendOnAnotherNodeSeesThisNodeAndTheOverlayCarriesTheClientsIdentity() {
        node.nodePort(30080, TCP, node.backend(REMOTE_POD, 8080, TCP));
        var forwarded = node.fromNetdev(syn).marked(WORLD, false, false).redirected();
        assertThat(forwarded.source()).isEqualTo(ADDRESS);
        assertThat(forwarded.destination()).isEqualTo(REMOTE_POD);
        assertThat(forwarded.ttl()).as("one hop older").isEqualTo(63);
        assertThat(node.fromNetdev(syn).redirected()).as("the same connection").isEqualTo(forwarded);
        node.toOverlay(forwarded, Outcome.mark(WORLD, false, false)).passed();
    }

    @Test
    void aProcessOfAnotherNodeAnswersOverTheLan() {
        node.nodePort(30080, TCP, node.backend(OTHER_NODE, 9090, TCP));
        var forwarded = node.fromNetdev(syn).redirected();
        assertThat(forwarded.source()).isEqualTo(ADDRESS);
        assertThat(node.toNetdev(forwarded, 0).passed())
                .as("not translated twice")
                .isEqualTo(forwarded);
        assertThat(node.fromNetdev(forwarded.answer()).redirected().body())
                .isEqualTo(syn.answer().body());
    }

    @Test
    void aProcessOfThisNodeSeesTheClient() {
        node.nodePort(30080, TCP, node.backend(ADDRESS, 9090, TCP));
        var delivered = node.fromNetdev(syn).passed();
        assertThat(delivered).isEqualTo(Packet.syn(CLIENT, 50000, ADDRESS, 9090));
        assertThat(node.toNetdev(delivered.answer(), 0).passed()).isEqualTo(syn.answer());
    }

    @Test
    void twoClientPortsOfOneClientStayApartAtTheBackend() {
        int backend = node.backend(POD, 8080, TCP);
        node.nodePort(30080, TCP, backend);
        node.nodePort(30081, TCP, backend);
        var first = node.fromNetdev(syn).redirected();
        var second = node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30081)).redirected();
        assertThat(first.sourcePort()).isEqualTo(50000);
        assertThat(second.sourcePort()).isNotEqualTo(50000);
        assertThat(node.toNetdev(second.answer(), 0).passed())
                .isEqualTo(Packet.syn(CLIENT, 50000, ADDRESS, 30081).answer());
    }

    @Test
    void withoutBackendTheClientIsRefused() {
        node.nodePort(30080, TCP);
        node.nodePort(30053, UDP);
        assertThat(node.fromNetdev(syn).refused().body())
                .isEqualTo(new Body.Tcp(30080, 50000, Body.RST | Body.ACK, 0, 1001, ""));
        var query = Packet.udp(CLIENT, 50000, ADDRESS, 30053, "query");
        assertThat(node.fromNetdev(query).refused().body()).isEqualTo(new Body.Error(3, 3, Body.Quoted.of(query)));
    }

    @Test
    void onlyClientsOfTheSourceRangesAreServed() {
        var balancer = "172.18.255.1";
        var key = new FrontendKey(Address.of(balancer), 80, TCP, FrontendKey.EXTERNAL);
        node.frontend(key, 9, Frontend.SOURCE_RANGES, 0, node.backend(POD, 8080, TCP));
        node.sourceRange(9, "172.18.0.0", 24);
        node.sourceRange(8, "0.0.0.0", 0);
        node.fromNetdev(Packet.syn(CLIENT, 50000, balancer, 80)).redirected();
        node.fromNetdev(Packet.syn("172.18.1.50", 50000, balancer, 80)).dropped(DropReason.SOURCE_RANGE_DENIED);
    }

    @Test
    void aPodUsesTheNodesPortWithoutLeavingItsLinkFirst() {
        node.nodePort(30080, TCP, node.backend(REMOTE_POD, 8080, TCP));
        assertThat(node.fromPod(Packet.syn(POD, 40000, ADDRESS, 30080)).redirected())
                .isEqualTo(Packet.syn(POD, 40000, REMOTE_POD, 8080));
    }

    @Test
    void aPacketThatWasForwardedTooOftenEndsHere() {
        node.nodePort(30080, TCP, node.backend(REMOTE_POD, 8080, TCP));
        node.fromNetdev(syn.withTtl(1)).dropped(DropReason.TTL_EXCEEDED);
    }

    @Test
    void everythingElseForTheNodeIsTheStacks() {
        var ssh = Packet.syn(CLIENT, 50000, ADDRESS, 22);
        assertThat(node.fromNetdev(ssh).passed()).isEqualTo(ssh);
        assertThat(node.toNetdev(ssh.answer(), 0).passed()).isEqualTo(ssh.answer());
        assertThat(node.connections("ct_pending")).isZero();
    }
}
