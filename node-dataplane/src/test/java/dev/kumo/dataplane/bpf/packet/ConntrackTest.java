// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How connections come, live and go. */
@Tag("privileged")
class ConntrackTest {
    private static final String WEB = "203.0.113.7";
    private static final int TIMER_AND_FLOW = 72;
    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aFloodOfUnansweredConnectionsDoesNotTouchAnsweredOnes() {
        var syn = Packet.syn(POD, 40000, WEB, 443);
        node.fromPod(syn).passed();
        node.toPod(syn.answer(), 0).passed();
        IntStream.range(0, 1000).forEach(i -> node.fromPod(Packet.syn(POD, 1024 + i, WEB, 80)));
        assertThat(node.connections("ct")).isEqualTo(2);
        assertThat(node.connections("ct_pending")).isEqualTo(2000);
    }

    @Test
    void aConnectionRefusedByItsPeerTakesNoRoom() {
        node.fromPod(Packet.syn(POD, 40000, WEB, 443)).passed();
        node.toPod(Packet.tcp(WEB, 443, POD, 40000, Body.RST | Body.ACK), 0).passed();
        assertThat(node.connections("ct")).isZero();
    }

    @Test
    void afterBothHaveClosedASynIsBalancedAnew() {
        int first = node.backend(SECOND_POD, 8080, TCP);
        node.clusterIp(80, TCP, first);
        var syn = Packet.syn(POD, 40000, SERVICE, 80);
        var balanced = node.fromPod(syn).redirected();
        node.toPod(balanced.answer(), 0).passed();
        node.clusterIp(80, TCP, node.backend(WEB, 80, TCP));
        assertThat(node.fromPod(syn).redirected().destination()).as("open").isEqualTo(SECOND_POD);

        node.fromPod(Packet.tcp(POD, 40000, SERVICE, 80, Body.FIN | Body.ACK)).redirected();
        assertThat(node.fromPod(syn).redirected().destination()).as("half open").isEqualTo(SECOND_POD);
        node.toPod(Packet.tcp(SECOND_POD, 8080, POD, 40000, Body.FIN | Body.ACK), 0)
                .passed();
        assertThat(node.fromPod(syn).passed().destination()).as("closed").isEqualTo(WEB);
    }

    @Test
    void aResetEndsItAtOnce() {
        int first = node.backend(SECOND_POD, 8080, TCP);
        node.clusterIp(80, TCP, first);
        var syn = Packet.syn(POD, 40000, SERVICE, 80);
        node.toPod(node.fromPod(syn).redirected().answer(), 0).passed();
        node.fromPod(Packet.tcp(POD, 40000, SERVICE, 80, Body.RST)).redirected();
        node.clusterIp(80, TCP, node.backend(WEB, 80, TCP));
        assertThat(node.fromPod(syn).passed().destination()).isEqualTo(WEB);
    }

    @Test
    void theTupleOfAnEndedConnectionIsFreeAgain() {
        var syn = Packet.syn(POD, 40000, WEB, 443);
        var out = node.toNetdev(syn, 0).passed();
        node.fromNetdev(out.answer()).redirected();
        node.toNetdev(Packet.tcp(POD, 40000, WEB, 443, Body.RST), 0).passed();
        assertThat(node.toNetdev(syn, 0).passed()).isEqualTo(Packet.syn(ADDRESS, 40000, WEB, 443));
    }

    @Test
    void whenTheTableIsFullAnAnswerToANewConnectionIsDroppedAndOldOnesGoOn() {
        var old = Packet.syn(POD, 40000, WEB, 443);
        node.fromPod(old).passed();
        node.toPod(old.answer(), 0).passed();
        node.fill("ct", 40, TIMER_AND_FLOW);

        var late = Packet.syn(POD, 40001, WEB, 443);
        node.fromPod(late).passed();
        node.toPod(late.answer(), 0).dropped(DropReason.CT_FULL);
        node.fromPod(Packet.tcp(POD, 40000, WEB, 443, Body.ACK)).passed();
    }
}
