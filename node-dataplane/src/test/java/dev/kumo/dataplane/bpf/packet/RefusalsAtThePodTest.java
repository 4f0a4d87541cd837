// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.OTHER_NODE;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may not send, who may not be sent to. */
@Tag("privileged")
class RefusalsAtThePodTest {
    private static final String UNKNOWN_HERE = "10.244.1.99";
    private static final String UNKNOWN_ELSEWHERE = "10.244.2.99";
    private static final String NOWHERE = "10.244.9.9";
    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aPodSpeaksOnlyInItsOwnName() {
        node.fromPod(POD, Packet.syn(SECOND_POD, 40000, CLIENT, 80).frame()).dropped(DropReason.SPOOFED_SOURCE);
        node.fromPod(POD, Packet.syn(ADDRESS, 40000, CLIENT, 80).frame()).dropped(DropReason.SPOOFED_SOURCE);
        node.fromPod(POD, arp(SECOND_POD)).dropped(DropReason.SPOOFED_SOURCE);
        node.fromPod(POD, arp(POD));
    }

    @Test
    void aLinkWithoutPodSendsAndGetsNothing() {
        node.fromPod(Packet.syn(UNKNOWN_HERE, 40000, CLIENT, 80)).dropped(DropReason.ENDPOINT_UNKNOWN);
        node.toPod(Packet.syn(CLIENT, 40000, UNKNOWN_HERE, 80), 0).dropped(DropReason.ENDPOINT_UNKNOWN);
        node.toPod(POD, Packet.syn(CLIENT, 40000, SECOND_POD, 80), 0).dropped(DropReason.ENDPOINT_UNKNOWN);
    }

    @Test
    void aPodAddressWithoutIdentityIsNeverTheWorld() {
        node.fromPod(Packet.syn(POD, 40000, UNKNOWN_HERE, 80)).dropped(DropReason.ENDPOINT_UNKNOWN);
        node.fromPod(Packet.syn(POD, 40000, UNKNOWN_ELSEWHERE, 80)).dropped(DropReason.IDENTITY_UNKNOWN);
        node.toPod(Packet.syn(UNKNOWN_ELSEWHERE, 40000, POD, 80), 0).dropped(DropReason.IDENTITY_UNKNOWN);
        node.fromPod(Packet.syn(POD, 40000, NOWHERE, 80)).dropped(DropReason.NO_TUNNEL);
    }

    @Test
    void onlyIpv4AndArpPass() {
        var ipv6 = ByteBuffer.allocate(74).putShort(12, (short) 0x86dd).array();
        node.fromPod(POD, ipv6).dropped(DropReason.UNSUPPORTED_PROTOCOL);
        node.run("to_overlay", ipv6, 0).dropped(DropReason.UNSUPPORTED_PROTOCOL);
    }

    @Test
    void aPacketThatEndsWithinItsHeadersIsInvalid() {
        var frame = Packet.syn(POD, 40000, CLIENT, 80).frame();
        node.fromPod(POD, Arrays.copyOf(frame, 38)).dropped(DropReason.INVALID_PACKET);
        frame[14] = 0x43; // a header of 12 bytes
        node.fromPod(POD, frame).dropped(DropReason.INVALID_PACKET);
    }

    @Test
    void theLanDoesNotSpeakForPodsOrForThisNode() {
        node.fromNetdev(Packet.syn(REMOTE_POD, 40000, POD, 80)).dropped(DropReason.SPOOFED_SOURCE);
        node.fromNetdev(Packet.syn(ADDRESS, 40000, POD, 80)).dropped(DropReason.SPOOFED_SOURCE);
        node.fromNetdev(Packet.syn(CLIENT, 40000, UNKNOWN_HERE, 80)).dropped(DropReason.ENDPOINT_UNKNOWN);
        try (var direct = new Node(Routing.DIRECT)) {
            direct.fromNetdev(Packet.syn(REMOTE_POD, 40000, POD, 80)).redirected();
            direct.fromNetdev(Packet.syn(POD, 40000, SECOND_POD, 80)).dropped(DropReason.SPOOFED_SOURCE);
            direct.fromNetdev(Packet.syn(UNKNOWN_ELSEWHERE, 40000, POD, 80)).dropped(DropReason.IDENTITY_UNKNOWN);
        }
    }

    @Test
    void theOverlayTakesOnlyWhatHasANodeAndComesOnlyWithATunnel() {
        node.toOverlay(Packet.syn(ADDRESS, 50000, REMOTE_POD, 80), 0).passed();
        node.toOverlay(Packet.syn(ADDRESS, 50000, CLIENT, 80), 0).dropped(DropReason.NO_TUNNEL);
        node.toOverlay(Packet.syn(ADDRESS, 50000, POD, 80), 0).dropped(DropReason.NO_TUNNEL);
        node.run("from_overlay", Packet.syn(OTHER_NODE, 50000, POD, 80).frame(), 0)
                .dropped(DropReason.INVALID_PACKET);
    }

    private static byte[] arp(String sender) {
        return ByteBuffer.allocate(42)
                .putShort(12, (short) 0x0806)
                .put(28, Packet.addressBytes(sender))
                .array();
    }
}
