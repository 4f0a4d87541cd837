// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

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

/** Later fragments have no ports and follow their first one. */
@Tag("privileged")
class FragmentTest {
    private final Node node = new Node(Routing.VXLAN);
    private final Packet first =
            Packet.udp(POD, 40000, SERVICE, 53, "x".repeat(1400)).as(new Packet.Fragment(4711, 0, true));
    private final Packet second =
            Packet.of(POD, SERVICE, new Body.Rest(17, "y".repeat(800))).as(new Packet.Fragment(4711, 1408, false));

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void allPartsOfADatagramGoToTheSameBackend() {
        node.clusterIp(53, UDP, node.backend(SECOND_POD, 5353, UDP));
        var balanced = node.fromPod(first);
        assertThat(balanced.redirected().destination()).isEqualTo(SECOND_POD);
        assertThat(balanced.redirected().fragment()).isEqualTo(first.fragment());
        node.toPod(balanced.redirected(), balanced.run().mark()).passed();

        var rest = node.fromPod(second);
        assertThat(rest.redirected().destination()).isEqualTo(SECOND_POD);
        assertThat(rest.redirected().body()).as("no port is written into data").isEqualTo(second.body());
        node.toPod(rest.redirected(), rest.run().mark()).passed();
    }

    @Test
    void aPartWithoutItsFirstIsDropped() {
        node.fromPod(second).dropped(DropReason.FRAGMENT_UNKNOWN);
        node.toPod(POD, second.as(new Packet.Fragment(4712, 8, false)), 0).dropped(DropReason.FRAGMENT_UNKNOWN);
    }

    @Test
    void theNodesOwnFragmentsArePutTogetherByTheStack() {
        var late = Packet.of(CLIENT, Node.ADDRESS, new Body.Rest(17, "z".repeat(64)))
                .as(new Packet.Fragment(4713, 1408, false));
        assertThat(node.fromNetdev(late).passed()).isEqualTo(late);
    }
}
