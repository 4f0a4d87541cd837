// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.OTHER_NODE;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.POD_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pods that talk to the LAN and beyond. */
@Tag("privileged")
class MasqueradeTest {
    private static final String WEB = "203.0.113.7";
    private static final int FROM_POD = Outcome.mark(POD_IDENTITY, false, false);

    @Test
    void aPodLeavesUnderTheNodesAddressWithItsOwnPortAndGetsItsAnswer() {
        try (var node = new Node(Routing.VXLAN)) {
            var syn = Packet.syn(POD, 40000, WEB, 443);
            var sent = node.fromPod(syn).marked(POD_IDENTITY, false, false);
            var out = node.toNetdev(sent.passed(), sent.run().mark()).passed();
            assertThat(out).isEqualTo(Packet.syn(ADDRESS, 40000, WEB, 443));

            var back = node.fromNetdev(out.answer()).marked(2, false, false);
            assertThat(back.redirected()).isEqualTo(syn.answer());
            assertThat(node.toPod(back.redirected(), back.run().mark()).passed())
                    .isEqualTo(syn.answer());
            assertThat(node.connections("ct")).isEqualTo(4);
        }
    }

    @Test
    void aPortThatIsTakenOrTheNodesOwnIsReplaced() {
        try (var node = new Node(Routing.VXLAN)) {
            node.toNetdev(Packet.syn(POD, 40000, WEB, 443), FROM_POD).passed();
            var second =
                    node.toNetdev(Packet.syn(SECOND_POD, 40000, WEB, 443), 0).passed();
            assertThat(second.sourcePort()).isNotEqualTo(40000).matches(MasqueradeTest::isForTranslation);
            var own = node.toNetdev(Packet.syn(POD, 50000, WEB, 443), FROM_POD).passed();
            assertThat(own.sourcePort()).matches(MasqueradeTest::isForTranslation);
            var elsewhere =
                    node.toNetdev(Packet.syn(SECOND_POD, 40000, WEB, 80), 0).passed();
            assertThat(elsewhere.sourcePort()).as("another destination").isEqualTo(40000);
        }
    }

    @Test
    void anEchosIdentifierIsItsPort() {
        try (var node = new Node(Routing.VXLAN)) {
            var ping = Packet.echo(POD, WEB, 7);
            var out = node.toNetdev(ping, FROM_POD).passed();
            assertThat(out.source()).isEqualTo(ADDRESS);
            assertThat(((Body.Echo) out.body()).identifier()).matches(MasqueradeTest::isForTranslation);
            assertThat(node.fromNetdev(out.answer()).redirected()).isEqualTo(ping.answer());
        }
    }

    @Test
    void withTheOverlayOtherNodesSeeTheNodeAndWithDirectRoutesThePod() {
        var syn = Packet.syn(POD, 40000, OTHER_NODE, 9100);
        try (var node = new Node(Routing.VXLAN)) {
            assertThat(node.toNetdev(syn, FROM_POD).passed().source()).isEqualTo(ADDRESS);
        }
        try (var node = new Node(Routing.DIRECT)) {
            assertThat(node.toNetdev(syn, FROM_POD).passed()).isEqualTo(syn);
            assertThat(node.toNetdev(Packet.syn(POD, 40000, WEB, 443), FROM_POD)
                            .passed()
                            .source())
                    .isEqualTo(ADDRESS);
        }
    }

    @Test
    void anAnswerToAClientOutsideKeepsThePodsAddress() {
        try (var node = new Node(Routing.DIRECT)) {
            var syn = Packet.syn(Node.CLIENT, 50000, POD, 8080);
            var delivered = node.fromNetdev(syn);
            node.toPod(delivered.redirected(), delivered.run().mark()).passed();
            var answer = node.fromPod(syn.answer()).marked(POD_IDENTITY, true, false);
            assertThat(node.toNetdev(answer.passed(), answer.run().mark()).passed())
                    .isEqualTo(syn.answer());
        }
    }

    @Test
    void podTrafficDoesNotLeakIntoTheLanWhenTheOverlaysRouteIsMissing() {
        try (var node = new Node(Routing.VXLAN)) {
            node.toNetdev(Packet.syn(POD, 40000, REMOTE_POD, 80), FROM_POD).dropped(DropReason.NO_TUNNEL);
        }
    }

    private static boolean isForTranslation(int port) {
        return port >= 32768 && port <= 49151 || port >= 61000;
    }
}
