// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.POD_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pods, their node and other nodes, without any service between. */
@Tag("privileged")
class PodToPodTest {
    @Test
    void aConnectionOnOneNodeGoesFromLinkToLinkAndBack() {
        try (var node = new Node(Routing.VXLAN)) {
            var syn = Packet.syn(POD, 40000, SECOND_POD, 8080);

            var sent = node.fromPod(syn);
            assertThat(sent.redirected()).isEqualTo(syn);
            sent.marked(POD_IDENTITY, false, false);
            assertThat(sent.destinationMac()).isEqualTo(MacAddress.ofPod(Address.of(SECOND_POD)));
            assertThat(sent.sourceMac()).isEqualTo(MacAddress.HOST_SIDE);
            assertThat(node.toPod(syn, sent.run().mark()).passed()).isEqualTo(syn);
            assertThat(node.connections("ct")).as("unanswered").isZero();

            var answered = node.fromPod(syn.answer());
            assertThat(answered.redirected()).isEqualTo(syn.answer());
            answered.marked(SECOND_IDENTITY, true, false);
            assertThat(node.toPod(syn.answer(), answered.run().mark()).passed()).isEqualTo(syn.answer());

            assertThat(node.connections("ct")).as("a pair for each end's owner").isEqualTo(4);
            assertThat(node.connections("ct_pending")).isZero();
        }
    }

    @Test
    void aPodOfAnotherNodeIsReachedThroughTheOverlayWithTheSendersIdentity() {
        try (var node = new Node(Routing.VXLAN)) {
            var query = Packet.udp(POD, 40000, REMOTE_POD, 53, "query");
            var sent = node.fromPod(query).marked(POD_IDENTITY, false, false);
            assertThat(sent.redirected()).isEqualTo(query);
            node.toOverlay(query, sent.run().mark()).passed();

            // Comes out of the overlay with the identity that the other node gave it.
            var fromOverlay = Outcome.mark(REMOTE_IDENTITY, false, true);
            assertThat(node.toPod(query.answer(), fromOverlay).passed()).isEqualTo(query.answer());
        }
    }

    @Test
    void whatCameThroughTheOverlayIsAnsweredThroughIt() {
        try (var node = new Node(Routing.DIRECT)) {
            // North-south: another node forwards its client's connection under its own address.
            var forwarded = Packet.syn(Node.OTHER_NODE, 33000, POD, 8080);
            node.toPod(forwarded, Outcome.mark(2, false, true)).passed();
            var answered = node.fromPod(forwarded.answer()).marked(POD_IDENTITY, true, false);
            assertThat(answered.redirected()).isEqualTo(forwarded.answer());
            node.toOverlay(forwarded.answer(), answered.run().mark()).passed();
        }
    }

    @Test
    void withDirectRoutesAPodOfAnotherNodeIsTheStacks() {
        try (var node = new Node(Routing.DIRECT)) {
            var syn = Packet.syn(POD, 40000, REMOTE_POD, 8080);
            var sent = node.fromPod(syn).marked(POD_IDENTITY, false, false);
            assertThat(sent.passed()).isEqualTo(syn);
            assertThat(node.toNetdev(syn, sent.run().mark()).passed()).isEqualTo(syn);

            var answer = node.fromNetdev(syn.answer()).marked(REMOTE_IDENTITY, false, false);
            assertThat(answer.redirected()).isEqualTo(syn.answer());
            assertThat(node.toPod(syn.answer(), answer.run().mark()).passed()).isEqualTo(syn.answer());
        }
    }

    @Test
    void theNodesOwnProcessesReachItsPodsAndArePodsPeers() {
        try (var node = new Node(Routing.VXLAN)) {
            var probe = Packet.syn(Node.ADDRESS, 50000, POD, 8080);
            assertThat(node.toPod(probe, 0).passed()).isEqualTo(probe);
            assertThat(node.fromPod(probe.answer())
                            .marked(POD_IDENTITY, true, false)
                            .passed())
                    .isEqualTo(probe.answer());

            var call = Packet.syn(POD, 40000, Node.ADDRESS, 9975);
            assertThat(node.fromPod(call).passed()).isEqualTo(call);
            assertThat(node.toPod(call.answer(), 0).passed()).isEqualTo(call.answer());
        }
    }

    @Test
    void aPodOfThisNodeIsReachedByEcho() {
        try (var node = new Node(Routing.VXLAN)) {
            var ping = Packet.echo(POD, SECOND_POD, 77);
            var sent = node.fromPod(ping);
            assertThat(sent.redirected()).isEqualTo(ping);
            node.toPod(ping, sent.run().mark()).passed();
            node.fromPod(ping.answer()).redirected();
            assertThat(node.toPod(ping.answer(), 0).passed()).isEqualTo(ping.answer());
            assertThat(node.connections("ct")).isEqualTo(4);
        }
    }
}
