// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static dev.kumo.dataplane.bpf.packet.Policy.ANY;
import static dev.kumo.dataplane.bpf.packet.Policy.EGRESS;
import static dev.kumo.dataplane.bpf.packet.Policy.INGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.packet.Policy.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a class allows at L3 and L4, and what becomes of open connections when it changes. POD is of class 5. */
@Tag("privileged")
class PolicyTest {
    private static final int CLASS = 5;
    private static final int ICMP = 1;
    private static final int ECHO_REQUEST = 8;
    private static final int SECOND = Outcome.mark(SECOND_IDENTITY, false, false);
    private static final int REMOTE = Outcome.mark(REMOTE_IDENTITY, false, true);
    private static final Packet SYN = Packet.syn(SECOND_POD, 40000, POD, 8080);

    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    private void ingress(long revision, Rule... rules) {
        node.podClass(POD, CLASS);
        node.policy(CLASS, revision, INGRESS, rules);
    }

    private void egress(long revision, Rule... rules) {
        node.podClass(POD, CLASS);
        node.policy(CLASS, revision, EGRESS, rules);
    }

    @Test
    void aPodOfAnUnknownClassNeitherSendsNorReceives() {
        node.podClass(POD, CLASS);
        node.toPod(SYN, SECOND).dropped(DropReason.POLICY_UNKNOWN);
        node.toPod(Packet.syn(Node.ADDRESS, 50000, POD, 8080), 0).dropped(DropReason.POLICY_UNKNOWN);
        node.fromPod(Packet.syn(POD, 40000, SECOND_POD, 8080)).dropped(DropReason.POLICY_UNKNOWN);
    }

    @Test
    void onlyTheAllowedPeerReachesTheAllowedPortByTheAllowedProtocol() {
        ingress(1, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
        node.toPod(Packet.syn(SECOND_POD, 40000, POD, 8081), SECOND).dropped(DropReason.POLICY_DENIED);
        node.toPod(Packet.udp(SECOND_POD, 40000, POD, 8080, "x"), SECOND).dropped(DropReason.POLICY_DENIED);
        node.toPod(Packet.syn(REMOTE_POD, 40000, POD, 8080), REMOTE).dropped(DropReason.POLICY_DENIED);
        assertThat(node.connections("ct_pending"))
                .as("denied packets open nothing")
                .isEqualTo(2);
    }

    @Test
    void aDirectionThatIsNotEnforcedIsFree() {
        ingress(1);
        node.fromPod(Packet.syn(POD, 40000, SECOND_POD, 8080)).redirected();
    }

    @Test
    void repliesPassWhateverTheirDirectionAllows() {
        node.podClass(POD, CLASS);
        node.policy(CLASS, 1, INGRESS | EGRESS, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
        node.fromPod(SYN.answer()).redirected();
        node.fromPod(Packet.syn(POD, 8080, SECOND_POD, 40001)).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void entriesOfThePeerComeBeforeThoseForAllHoweverNarrow() {
        ingress(
                1,
                Rule.ingress(SECOND_IDENTITY, 0, 0).wide(),
                Rule.ingress(ANY, TCP, 8080).denied(),
                Rule.ingress(ANY, TCP, 0).wide());
        node.toPod(SYN, SECOND).passed();
        node.toPod(Packet.syn(REMOTE_POD, 40000, POD, 8080), REMOTE).dropped(DropReason.POLICY_DENIED);
        node.toPod(Packet.syn(REMOTE_POD, 40000, POD, 8081), REMOTE).passed();
    }

    @Test
    void theLongerPortPrefixDecides() {
        ingress(
                1,
                Rule.ingress(ANY, TCP, 8192).portBits(6).denied(),
                Rule.ingress(ANY, TCP, 8192).portBits(3));
        node.toPod(Packet.syn(SECOND_POD, 40000, POD, 8200), SECOND).dropped(DropReason.POLICY_DENIED);
        node.toPod(Packet.syn(SECOND_POD, 40000, POD, 9300), SECOND).passed();
        node.toPod(Packet.syn(SECOND_POD, 40000, POD, 16384), SECOND).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void icmpIsAllowedByItsType() {
        ingress(1, Rule.ingress(ANY, ICMP, ECHO_REQUEST));
        var echo = Packet.echo(SECOND_POD, POD, 77);
        node.toPod(echo, SECOND).passed();
        node.fromPod(echo.answer()).redirected();
        ingress(2, Rule.ingress(ANY, ICMP, 13));
        node.toPod(echo, SECOND).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void anIcmpErrorGoesWhereItsConnectionGoes() {
        ingress(1, Rule.ingress(SECOND_IDENTITY, UDP, 53));
        var query = Packet.udp(SECOND_POD, 40000, POD, 53, "query");
        node.toPod(query, SECOND).passed();
        node.fromPod(Packet.unreachable(POD, query)).redirected();
        ingress(2);
        node.toPod(query, SECOND).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void processesOfTheOwnNodeReachItsPodsButThoseOfOthersDoNot() {
        ingress(1);
        node.toPod(Packet.syn(Node.ADDRESS, 50000, POD, 8080), 0).passed();
        node.toPod(Packet.syn(Node.OTHER_NODE, 50000, POD, 8080), Outcome.mark(6, false, true))
                .dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void aServiceIsJudgedByTheBackendThatIsChosen() {
        egress(1, Rule.egress(SECOND_IDENTITY, TCP, 8080));
        node.clusterIp(80, TCP, node.backend(SECOND_POD, 8080, TCP));
        node.clusterIp(81, TCP, node.backend(REMOTE_POD, 8080, TCP));
        var syn = Packet.syn(POD, 40000, Node.SERVICE, 80);
        node.fromPod(syn).redirected();
        node.fromPod(Packet.syn(POD, 40000, Node.SERVICE, 81)).dropped(DropReason.POLICY_DENIED);
        var answer = Packet.syn(POD, 40000, SECOND_POD, 8080).answer();
        assertThat(node.toPod(answer, SECOND).passed()).isEqualTo(syn.answer());
    }

    @Test
    void aPodReachesItselfThroughAServiceWhateverItsPolicy() {
        node.podClass(POD, CLASS);
        node.policy(CLASS, 1, INGRESS | EGRESS);
        node.clusterIp(80, TCP, node.backend(POD, 8080, TCP));
        var sent = node.fromPod(Packet.syn(POD, 40000, Node.SERVICE, 80));
        node.toPod(sent.redirected(), sent.run().mark()).passed();
    }

    @Test
    void addressBlocksOfTheWorldHaveIdentitiesOfThisNode() {
        int block = (1 << 24) + 70000;
        node.peer("172.18.0.48", 28, block, null);
        node.podClass(POD, CLASS);
        node.policy(CLASS, 1, INGRESS | EGRESS, Rule.ingress(block, TCP, 8080), Rule.egress(block, TCP, 443));
        var syn = Packet.syn(Node.CLIENT, 50000, POD, 8080);
        var arrived = node.fromNetdev(syn).marked(block, false, false);
        node.toPod(arrived.redirected(), arrived.run().mark()).passed();
        node.fromPod(Packet.syn(POD, 40000, Node.CLIENT, 443)).passed();
        node.fromPod(Packet.syn(POD, 40000, "172.18.0.70", 443)).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void anOpenConnectionStopsBothWaysWhenItIsForbiddenAndGoesOnWhenItIsAllowedAgain() {
        ingress(1, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
        node.fromPod(SYN.answer()).redirected();
        var data = Packet.tcp(SECOND_POD, 40000, POD, 8080, Body.ACK);
        node.toPod(data, SECOND).passed();

        ingress(2);
        node.fromPod(SYN.answer()).dropped(DropReason.POLICY_DENIED);
        node.toPod(data, SECOND).dropped(DropReason.POLICY_DENIED);
        node.toPod(SYN, SECOND).dropped(DropReason.POLICY_DENIED);
        // Would be a connection of the pod's own if nobody remembered whose it was.
        node.fromPod(Packet.tcp(POD, 8080, SECOND_POD, 40000, Body.ACK)).dropped(DropReason.POLICY_DENIED);

        ingress(3, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(data, SECOND).passed();
    }

    @Test
    void aPeersNewIdentityIsJudgedAnew() {
        ingress(1, Rule.ingress(SECOND_IDENTITY, TCP, 8080));
        node.toPod(SYN, SECOND).passed();
        node.toPod(SYN, Outcome.mark(4711, false, false)).dropped(DropReason.POLICY_DENIED);
    }

    @Test
    void aPodThatEntersAClassKeepsWhatTheClassAllows() {
        var own = Packet.syn(POD, 40000, SECOND_POD, 8080);
        node.fromPod(own).redirected();
        node.toPod(own.answer(), SECOND).passed();
        egress(1, Rule.egress(SECOND_IDENTITY, TCP, 8080));
        node.fromPod(Packet.tcp(POD, 40000, SECOND_POD, 8080, Body.ACK)).redirected();
        egress(2);
        node.toPod(own.answer(), SECOND).dropped(DropReason.POLICY_DENIED);
        node.fromPod(Packet.tcp(POD, 40000, SECOND_POD, 8080, Body.ACK)).dropped(DropReason.POLICY_DENIED);
    }
}
