// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static dev.kumo.dataplane.bpf.packet.Outcome.ACCEPTED;
import static dev.kumo.dataplane.bpf.packet.Outcome.EGRESS_UPSTREAM;
import static dev.kumo.dataplane.bpf.packet.Outcome.INGRESS_UPSTREAM;
import static dev.kumo.dataplane.bpf.packet.Policy.ANY;
import static dev.kumo.dataplane.bpf.packet.Policy.EGRESS;
import static dev.kumo.dataplane.bpf.packet.Policy.INGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.ProgramRun;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.packet.Policy.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way to Envoy and back, as far as it goes without Envoy: the kernel gives no packet of a test run to a socket. POD is of
 * class 5, whose TCP port 8080 has slot 7.
 */
@Tag("privileged")
class ProxyTest {
    private static final int CLASS = 5;
    private static final int SLOT = 7;
    /** Nobody listens there, in whatever namespace tests run: it is reserved. */
    private static final int PORT = 1;

    private static final int SECOND = Outcome.mark(SECOND_IDENTITY, false, false);
    private static final Packet SYN = Packet.syn(SECOND_POD, 40000, POD, 8080);
    private static final Packet ACK = Packet.tcp(SECOND_POD, 40000, POD, 8080, Body.ACK);

    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    private void ingress(long revision, Rule... rules) {
        node.podClass(POD, CLASS);
        node.slot(SLOT, PORT);
        node.policy(CLASS, revision, INGRESS, rules);
    }

    private void egress(long revision, Rule... rules) {
        node.podClass(POD, CLASS);
        node.slot(SLOT, PORT);
        node.policy(CLASS, revision, EGRESS, rules);
    }

    private static Rule inSlot() {
        return Rule.ingress(ANY, TCP, 8080).slot(SLOT);
    }

    @Test
    void aConnectionOfASlotTurnsRoundAtThePodsLinkAndIsDroppedWhenNobodyListens() {
        ingress(1, inSlot());
        var turned = node.toPod(SYN, SECOND);
        turned.turnedRound(PORT);
        node.fromPod(POD, turned.redirected(), turned.run().mark()).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void aSlotWithoutListenerPassesNothing() {
        ingress(1, Rule.ingress(ANY, TCP, 8080).slot(99));
        node.toPod(SYN, SECOND).dropped(DropReason.PROXY_UNAVAILABLE);
        egress(2, Rule.egress(ANY, TCP, 8080).slot(99));
        node.fromPod(Packet.syn(POD, 40000, REMOTE_POD, 8080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void anEgressSlotWithoutAnyoneAtItsPortPassesNothing() {
        egress(1, Rule.egress(ANY, TCP, 8080).slot(SLOT));
        node.fromPod(Packet.syn(POD, 40000, REMOTE_POD, 8080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void aSlotHoldsForTcpAlone() {
        ingress(1, Rule.ingress(ANY, UDP, 8080).slot(SLOT));
        node.toPod(Packet.udp(SECOND_POD, 40000, POD, 8080, "x"), SECOND).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void processesOfTheNodeGoPastEnvoy() {
        ingress(1, inSlot());
        node.toPod(Packet.syn(Node.ADDRESS, 50000, POD, 8080), 0).passed();
    }

    @Test
    void whatEnvoySendsOnInAClientsNamePassesAndItsAnswersAreEnvoys() {
        ingress(1, inSlot());
        var upstream = Packet.syn(SECOND_POD, 50001, POD, 8080);
        assertThat(node.toPod(upstream, INGRESS_UPSTREAM).passed()).isEqualTo(upstream);
        node.fromPod(upstream.answer()).handedToProxy();
        assertThat(node.connections("ct_pending"))
                .as("no connection of the pod's")
                .isZero();
    }

    @Test
    void aClientThatTakesThePortItselfGetsItsAnswers() {
        ingress(1, Rule.ingress(ANY, TCP, 8080));
        var syn = Packet.syn(SECOND_POD, 50001, POD, 8080);
        node.toPod(syn, INGRESS_UPSTREAM).passed();
        node.toPod(syn, SECOND).passed();
        node.fromPod(syn.answer()).redirected();
    }

    @Test
    void whatEnvoySendsForAClientsEgressIsSubjectToThePodsIngressPolicy() {
        ingress(1, Rule.ingress(4711, TCP, 8080));
        var upstream = Packet.syn(SECOND_POD, 50001, POD, 8080);
        node.toPod(upstream, EGRESS_UPSTREAM).dropped(DropReason.POLICY_DENIED);
        ingress(2, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(upstream, EGRESS_UPSTREAM).passed();
        ingress(3, inSlot());
        node.toPod(Packet.syn(SECOND_POD, 50002, POD, 8080), EGRESS_UPSTREAM).turnedRound(PORT);
    }

    @Test
    void answersToEnvoyInThePodsNameTurnRoundAtThePodsLink() {
        egress(1, Rule.egress(ANY, TCP, 8080).slot(SLOT));
        var upstream = Packet.syn(POD, 50001, REMOTE_POD, 8080);
        node.toOverlay(upstream, EGRESS_UPSTREAM).passed();
        var answer = Outcome.mark(Node.REMOTE_IDENTITY, false, true);
        node.toPod(upstream.answer(), answer).turnedRound(0);
        node.fromPod(POD, upstream.answer(), Outcome.TO_PROXY).handedToProxy();
    }

    @Test
    void answersFromTheWorldFindEnvoyBehindTheNodesAddress() {
        egress(1, Rule.egress(ANY, TCP, 80).slot(SLOT));
        var upstream = Packet.syn(POD, 50001, Node.CLIENT, 80);
        var masqueraded = node.toNetdev(upstream, EGRESS_UPSTREAM).passed();
        assertThat(masqueraded.source()).isEqualTo(Node.ADDRESS);
        var back = node.fromNetdev(masqueraded.answer());
        assertThat(back.redirected()).isEqualTo(upstream.answer());
        node.toPod(upstream.answer(), back.run().mark()).turnedRound(0);
    }

    @Test
    void envoysAnswersToAForwardedClientGoBackThroughTheOverlay() {
        ingress(1, inSlot());
        var forwarded = Packet.syn(Node.OTHER_NODE, 33000, POD, 8080);
        node.toPod(forwarded, Outcome.mark(2, false, true)).turnedRound(PORT);
        node.toNetdev(forwarded.answer(), ACCEPTED)
                .marked(Node.POD_IDENTITY, true, false)
                .redirected();

        var direct = Packet.syn(Node.CLIENT, 50000, POD, 8080);
        node.toPod(direct, Outcome.mark(2, false, false)).turnedRound(PORT);
        assertThat(node.toNetdev(direct.answer(), ACCEPTED).passed()).isEqualTo(direct.answer());
    }

    @Test
    void anOpenConnectionIsResetWhenRulesOfL7ComeOrGo() {
        ingress(1, Rule.ingress(ANY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
        node.fromPod(SYN.answer()).redirected();
        node.toPod(ACK, SECOND).passed();
        ingress(2, inSlot());
        // To the pod goes the client's RST, where it expects the next byte; the client's own goes round.
        var reset = node.toPod(ACK, SECOND).reset(ProgramRun.OK);
        assertThat(reset.source()).isEqualTo(SECOND_POD);
        assertThat(reset.body()).isEqualTo(new Body.Tcp(40000, 8080, Body.RST | Body.ACK, 1000, 2000, ""));
        assertThat(node.connections("ct")).isZero();

        node.toPod(SYN, SECOND).turnedRound(PORT);
        node.toPod(ACK, SECOND).turnedRound(PORT);
        ingress(3, Rule.ingress(ANY, TCP, 8080));
        assertThat(node.toPod(ACK, SECOND).reset(ProgramRun.REDIRECT).body())
                .isEqualTo(new Body.Tcp(40000, 8080, Body.RST | Body.ACK, 1000, 2000, ""));
        node.toPod(SYN, SECOND).passed();
    }

    @Test
    void aPodsOwnConnectionIsResetAtThePodWithTheServicesAddress() {
        egress(1, Rule.egress(ANY, TCP, 8080));
        node.clusterIp(80, TCP, node.backend(SECOND_POD, 8080, TCP));
        node.fromPod(Packet.syn(POD, 40000, Node.SERVICE, 80)).redirected();
        node.toPod(Packet.syn(POD, 40000, SECOND_POD, 8080).answer(), SECOND).passed();
        egress(2, Rule.egress(ANY, TCP, 8080).slot(SLOT));
        var reset =
                node.fromPod(Packet.tcp(POD, 40000, Node.SERVICE, 80, Body.ACK)).reset(ProgramRun.REDIRECT);
        assertThat(reset.source()).isEqualTo(Node.SERVICE);
        assertThat(reset.destination()).isEqualTo(POD);
        assertThat(reset.body()).isEqualTo(new Body.Tcp(80, 40000, Body.RST, 2000, 0, ""));
    }

    @Test
    void anotherRevisionOfTheSameSlotLeavesConnectionsAlone() {
        ingress(1, inSlot());
        node.toPod(SYN, SECOND).turnedRound(PORT);
        node.toPod(ACK, SECOND).turnedRound(PORT);
        ingress(2, inSlot(), Rule.ingress(ANY, TCP, 8081));
        node.toPod(ACK, SECOND).turnedRound(PORT);
    }

    @Test
    void aConnectionThatEnvoyAnswersIsOverWithItsClientsFin() {
        ingress(1, inSlot());
        node.toPod(SYN, SECOND).turnedRound(PORT);
        node.toPod(ACK, SECOND).turnedRound(PORT);
        assertThat(node.connections("ct")).as("survives a flood").isEqualTo(2);
        node.toPod(Packet.tcp(SECOND_POD, 40000, POD, 8080, Body.FIN | Body.ACK), SECOND)
                .turnedRound(PORT);
        ingress(2, Rule.ingress(ANY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
    }
}
