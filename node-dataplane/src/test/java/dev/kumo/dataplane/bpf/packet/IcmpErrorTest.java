// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An ICMP error belongs to the connection that it quotes, and is translated with it. */
@Tag("privileged")
class IcmpErrorTest {
    private static final String WEB = "203.0.113.7";
    private static final String ROUTER = "203.0.113.1";
    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aBackendsClosedPortLooksLikeTheServices() {
        node.clusterIp(53, UDP, node.backend(SECOND_POD, 5353, UDP));
        var query = Packet.udp(POD, 40000, SERVICE, 53, "query");
        var balanced = node.fromPod(query);
        node.toPod(balanced.redirected(), balanced.run().mark()).passed();

        var error = Packet.unreachable(SECOND_POD, balanced.redirected());
        var answered = node.fromPod(error);
        assertThat(answered.redirected()).isEqualTo(error);
        assertThat(node.toPod(error, answered.run().mark()).passed()).isEqualTo(Packet.unreachable(SERVICE, query));
    }

    @Test
    void aRoutersErrorAboutMasqueradedTrafficReachesThePodFromThatRouter() {
        var datagram = Packet.udp(POD, 40000, WEB, 33434, "probe");
        var sent = node.fromPod(datagram);
        var out = node.toNetdev(sent.passed(), sent.run().mark()).passed();
        var back = node.fromNetdev(Packet.unreachable(ROUTER, out));
        assertThat(back.redirected()).isEqualTo(Packet.unreachable(ROUTER, datagram));
        node.toPod(back.redirected(), back.run().mark()).passed();
    }

    @Test
    void aClosedPortBehindANodePortLooksLikeTheNodes() {
        node.nodePort(30053, UDP, node.backend(POD, 5353, UDP));
        var query = Packet.udp(CLIENT, 50000, ADDRESS, 30053, "query");
        var delivered = node.fromNetdev(query);
        node.toPod(delivered.redirected(), delivered.run().mark()).passed();
        var answered = node.fromPod(Packet.unreachable(POD, delivered.redirected()));
        assertThat(node.toNetdev(answered.passed(), answered.run().mark()).passed())
                .isEqualTo(Packet.unreachable(ADDRESS, query));
    }

    @Test
    void anErrorOfNoConnectionIsDroppedAtThePod() {
        var stray = Packet.unreachable(CLIENT, Packet.udp(POD, 40000, CLIENT, 53, "never sent"));
        node.toPod(stray, 0).dropped(DropReason.ICMP_UNRELATED);
        node.fromPod(Packet.unreachable(POD, Packet.udp(CLIENT, 53, POD, 40000, "never came")))
                .dropped(DropReason.ICMP_UNRELATED);
    }

    @Test
    void anErrorDoesNotAnswerItsConnection() {
        var datagram = Packet.udp(POD, 40000, SECOND_POD, 99, "data");
        var sent = node.fromPod(datagram);
        node.toPod(datagram, sent.run().mark()).passed();
        var answered = node.fromPod(Packet.unreachable(SECOND_POD, datagram));
        node.toPod(answered.redirected(), answered.run().mark()).passed();
        assertThat(node.connections("ct")).isZero();
    }
}
