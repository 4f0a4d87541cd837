// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.POD_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pod that talks to a service, packet by packet. */
@Tag("privileged")
class ServiceFromPodTest {
    private static final String HAIRPIN = "169.254.42.1";
    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void tcpToABackendOnTheSameNode() {
        node.clusterIp(80, TCP, node.backend(SECOND_POD, 8080, TCP));
        var balanced = node.fromPod(Packet.syn(POD, 40000, SERVICE, 80));
        assertThat(balanced.redirected()).isEqualTo(Packet.syn(POD, 40000, SECOND_POD, 8080));
        var syn = balanced.redirected();
        node.toPod(syn, balanced.run().mark()).passed();
        node.fromPod(syn.answer()).redirected();
        assertThat(node.toPod(syn.answer(), 0).passed())
                .isEqualTo(Packet.syn(POD, 40000, SERVICE, 80).answer());
    }

    @Test
    void udpToABackendOnAnotherNode() {
        node.clusterIp(53, UDP, node.backend(REMOTE_POD, 5353, UDP));
        var query = Packet.udp(POD, 40000, SERVICE, 53, "query");
        var balanced = node.fromPod(query).marked(POD_IDENTITY, false, false).redirected();
        assertThat(balanced).isEqualTo(Packet.udp(POD, 40000, REMOTE_POD, 5353, "query"));
        assertThat(node.toPod(balanced.answer(), Outcome.mark(Node.REMOTE_IDENTITY, false, true))
                        .passed())
                .isEqualTo(query.answer());
    }

    @Test
    void aPodBalancedToItselfSeesTheHairpinAddress() {
        node.clusterIp(80, TCP, node.backend(POD, 8080, TCP));
        var syn = Packet.syn(POD, 40000, SERVICE, 80);
        var balanced = node.fromPod(syn);
        assertThat(balanced.redirected()).isEqualTo(Packet.syn(HAIRPIN, 40000, POD, 8080));
        node.toPod(balanced.redirected(), balanced.run().mark()).passed();
        var answer = node.fromPod(balanced.redirected().answer());
        assertThat(answer.redirected()).isEqualTo(balanced.redirected().answer());
        assertThat(node.toPod(POD, answer.redirected(), answer.run().mark()).passed())
                .isEqualTo(syn.answer());
    }

    @Test
    void aBackendOutsideTheClusterIsReachedThroughTheStack() {
        node.clusterIp(443, TCP, node.backend("172.18.0.2", 6443, TCP));
        var balanced = node.fromPod(Packet.syn(POD, 40000, SERVICE, 443));
        assertThat(balanced.passed()).isEqualTo(Packet.syn(POD, 40000, "172.18.0.2", 6443));
        var masqueraded =
                node.toNetdev(balanced.passed(), balanced.run().mark()).passed();
        assertThat(masqueraded).isEqualTo(Packet.syn(Node.ADDRESS, 40000, "172.18.0.2", 6443));
        var returned = node.fromNetdev(masqueraded.answer());
        assertThat(node.toPod(returned.redirected(), returned.run().mark()).passed())
                .isEqualTo(Packet.syn(POD, 40000, SERVICE, 443).answer());
    }

    @Test
    void twoConnectionsThatWouldMeetAtOneBackendGetPortsOfTheirOwn() {
        int backend = node.backend(SECOND_POD, 8080, TCP);
        node.clusterIp(80, TCP, backend);
        node.clusterIp(81, TCP, backend);
        var first = node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).redirected();
        var second = node.fromPod(Packet.syn(POD, 40000, SERVICE, 81)).redirected();
        assertThat(first.sourcePort()).isEqualTo(40000);
        assertThat(second.sourcePort()).isBetween(49152, 65535);
        assertThat(node.toPod(second.answer(), 0).passed())
                .isEqualTo(Packet.syn(POD, 40000, SERVICE, 81).answer());
    }

    @Test
    void withoutBackendTcpIsReset() {
        node.clusterIp(80, TCP);
        var answer = node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).refused();
        assertThat(answer.source()).isEqualTo(SERVICE);
        assertThat(answer.destination()).isEqualTo(POD);
        assertThat(answer.body()).isEqualTo(new Body.Tcp(80, 40000, Body.RST | Body.ACK, 0, 1001, ""));
    }

    @Test
    void withoutBackendASegmentInMidStreamIsResetWithItsOwnNumber() {
        node.clusterIp(80, TCP);
        var data = Packet.of(POD, SERVICE, new Body.Tcp(40000, 80, Body.ACK, 1001, 7777, "x".repeat(301)));
        assertThat(node.fromPod(data).refused().body()).isEqualTo(new Body.Tcp(80, 40000, Body.RST, 7777, 0, ""));
        node.fromPod(Packet.tcp(POD, 40000, SERVICE, 80, Body.RST)).dropped(DropReason.NO_BACKEND);
    }

    @Test
    void withoutBackendADatagramIsAnsweredWithPortUnreachable() {
        node.clusterIp(53, UDP);
        var query = Packet.udp(POD, 40000, SERVICE, 53, "q".repeat(99));
        var answer = node.fromPod(query).refused();
        assertThat(answer.source()).isEqualTo(SERVICE);
        assertThat(answer.destination()).isEqualTo(POD);
        assertThat(answer.body()).isEqualTo(new Body.Error(3, 3, Body.Quoted.of(query)));
    }

    @Test
    void aPortThatTheServiceLacksAndAnEchoAreDropped() {
        node.clusterIp(80, TCP, node.backend(SECOND_POD, 8080, TCP));
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 81)).dropped(DropReason.VIP_UNKNOWN_PORT);
        node.fromPod(Packet.udp(POD, 40000, SERVICE, 80, "x")).dropped(DropReason.VIP_UNKNOWN_PORT);
        node.fromPod(Packet.echo(POD, SERVICE, 7)).dropped(DropReason.VIP_UNKNOWN_PORT);
    }

    @Test
    void aConnectionKeepsItsBackendWhenTheSetChanges() {
        node.clusterIp(53, UDP, node.backend(SECOND_POD, 5353, UDP));
        var query = Packet.udp(POD, 40000, SERVICE, 53, "query");
        node.fromPod(query).redirected();
        node.clusterIp(53, UDP, node.backend(REMOTE_POD, 5353, UDP));
        assertThat(node.fromPod(query).redirected().destination()).isEqualTo(SECOND_POD);
        assertThat(node.fromPod(Packet.udp(POD, 40001, SERVICE, 53, "query"))
                        .redirected()
                        .destination())
                .isEqualTo(REMOTE_POD);
    }

    @Test
    void aDatagramIsBalancedAnewWhenItsBackendIsGoneAndASegmentIsNot() {
        int gone = node.backend(SECOND_POD, 53, UDP);
        node.clusterIp(53, UDP, gone);
        node.clusterIp(80, TCP, gone);
        node.fromPod(Packet.udp(POD, 40000, SERVICE, 53, "query")).redirected();
        var syn = node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).redirected();
        node.toPod(syn.answer(), 0).passed();
        node.removeBackend(gone);
        int next = node.backend(REMOTE_POD, 53, UDP);
        node.clusterIp(53, UDP, next);
        node.clusterIp(80, TCP, next);
        assertThat(node.fromPod(Packet.udp(POD, 40000, SERVICE, 53, "query"))
                        .redirected()
                        .destination())
                .isEqualTo(REMOTE_POD);
        assertThat(node.fromPod(Packet.tcp(POD, 40000, SERVICE, 80, Body.ACK))
                        .redirected()
                        .destination())
                .isEqualTo(SECOND_POD);
        assertThat(node.fromPod(Packet.syn(POD, 40000, SERVICE, 80))
                        .redirected()
                        .destination())
                .isEqualTo(REMOTE_POD);
    }

    @Test
    void aSenderThatWasThereBeforeTheServiceIsBalancedOnceItExists() {
        var query = Packet.udp(POD, 40000, SERVICE, 53, "query");
        assertThat(node.fromPod(query).passed()).isEqualTo(query);
        node.clusterIp(53, UDP, node.backend(SECOND_POD, 5353, UDP));
        assertThat(node.fromPod(query).redirected().destination()).isEqualTo(SECOND_POD);
    }
}
