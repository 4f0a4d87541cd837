// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Outcome.ACCEPTED;
import static dev.kumo.dataplane.bpf.packet.Outcome.EGRESS_UPSTREAM;
import static dev.kumo.dataplane.bpf.packet.Outcome.GATEWAY_UPSTREAM;
import static dev.kumo.dataplane.bpf.packet.Policy.EGRESS;
import static dev.kumo.dataplane.bpf.packet.Policy.INGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.packet.Policy.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Gateway traffic as far as it goes without Envoy: a packet that would be given to its listener is dropped as long as nobody
 * listens, and by no means goes to a backend.
 */
@Tag("privileged")
class RedirectTest {
    private static final int SLOT = Integer.MIN_VALUE + 1;
    /** Nobody listens there, in whatever namespace tests run: it is reserved. */
    private static final int PORT = 1;

    private static final String INGRESS_ADDRESS = "10.244.1.250";
    private static final int INGRESS_IDENTITY = 8;
    private static final int CLASS = 5;

    private final Node node = new Node(Routing.VXLAN);

    @AfterEach
    void close() {
        node.close();
    }

    private static FrontendKey external(int port) {
        return new FrontendKey(Address.of(ADDRESS), port, TCP, FrontendKey.EXTERNAL);
    }

    private static FrontendKey internal(int port) {
        return new FrontendKey(Address.of(SERVICE), port, TCP, FrontendKey.INTERNAL);
    }

    @Test
    void whatComesFromOutsideIsEnvoysAlthoughThereAreBackends() {
        node.slot(SLOT, PORT);
        node.redirected(external(30080), Frontend.NODE_PORT, SLOT, node.backend(POD, 8080, TCP));
        node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void withoutARowNothingPasses() {
        node.redirected(external(30080), Frontend.NODE_PORT, SLOT);
        node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void sourceRangesHoldForEnvoysFrontends() {
        node.slot(SLOT, PORT);
        node.redirected(external(30080), Frontend.SOURCE_RANGES, SLOT);
        node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30080)).dropped(DropReason.SOURCE_RANGE_DENIED);
        node.sourceRange(3, "172.18.0.0", 16);
        node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void aConnectionThatWasOpenStaysAtItsBackend() {
        int backend = node.backend(POD, 8080, TCP);
        node.frontend(external(30080), 3, Frontend.NODE_PORT, 0, backend);
        node.fromNetdev(Packet.syn(CLIENT, 50000, ADDRESS, 30080)).redirected();
        node.slot(SLOT, PORT);
        node.redirected(external(30080), Frontend.NODE_PORT, SLOT, backend);
        node.fromNetdev(Packet.tcp(CLIENT, 50000, ADDRESS, 30080, Body.ACK)).redirected();
        node.fromNetdev(Packet.syn(CLIENT, 50001, ADDRESS, 30080)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void whatAPodSendsIsEnvoys() {
        node.slot(SLOT, PORT);
        node.redirected(internal(80), 0, SLOT, node.backend(SECOND_POD, 8080, TCP));
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void aPodsEgressPolicyIsAskedAboutABackend() {
        node.podClass(POD, CLASS);
        node.slot(SLOT, PORT);
        node.redirected(internal(80), 0, SLOT, node.backend(SECOND_POD, 8080, TCP));
        node.policy(CLASS, 1, EGRESS);
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.POLICY_DENIED);
        node.policy(CLASS, 2, EGRESS, Rule.egress(Node.SECOND_IDENTITY, TCP, 8080));
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void aPodsEgressPolicyIsAskedAboutIngressWhereThereIsNoBackend() {
        node.podClass(POD, CLASS);
        node.peer(INGRESS_ADDRESS, 32, INGRESS_IDENTITY, null);
        node.slot(SLOT, PORT);
        node.redirected(internal(80), 0, SLOT);
        node.policy(CLASS, 1, EGRESS);
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.POLICY_DENIED);
        node.policy(CLASS, 2, EGRESS, Rule.egress(INGRESS_IDENTITY, TCP, 80));
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.PROXY_UNAVAILABLE);
    }

    @Test
    void l7RulesOfAPodsEgressGoBeforeTheGateway() {
        node.podClass(POD, CLASS);
        node.slot(SLOT, PORT);
        node.redirected(internal(80), 0, SLOT, node.backend(SECOND_POD, 8080, TCP));
        node.policy(
                CLASS, 1, EGRESS, Rule.egress(Node.SECOND_IDENTITY, TCP, 8080).slot(7));
        node.fromPod(Packet.syn(POD, 40000, SERVICE, 80)).dropped(DropReason.PROXY_UNAVAILABLE);
        assertThat(node.connections("ct_pending"))
                .as("opened towards the backend")
                .isPositive();
    }

    @Test
    void envoysAnswersReachThePodWhateverItsPolicy() {
        node.podClass(POD, CLASS);
        node.policy(CLASS, 1, INGRESS);
        node.toPod(Packet.syn(SERVICE, 80, POD, 40000), ACCEPTED).passed();
    }

    @Test
    void theBackendsPolicySeesIdentityIngress() {
        node.podClass(POD, CLASS);
        node.policy(CLASS, 1, INGRESS);
        var syn = Packet.syn(INGRESS_ADDRESS, 50000, POD, 8080);
        node.toPod(syn, GATEWAY_UPSTREAM).dropped(DropReason.POLICY_DENIED);
        node.policy(CLASS, 2, INGRESS, Rule.ingress(INGRESS_IDENTITY, TCP, 8080));
        node.toPod(Packet.syn(INGRESS_ADDRESS, 50001, POD, 8080), GATEWAY_UPSTREAM)
                .passed();
    }

    @Test
    void aBackendsAnswerToTheIngressAddressIsForThisNode() {
        var syn = Packet.syn(INGRESS_ADDRESS, 50000, POD, 8080);
        node.toPod(syn, GATEWAY_UPSTREAM).passed();
        node.fromPod(syn.answer()).passed();
    }

    @Test
    void nobodyOpensAnythingToTheIngressAddress() {
        node.fromPod(Packet.syn(POD, 40000, INGRESS_ADDRESS, 9975)).dropped(DropReason.ENDPOINT_UNKNOWN);
        node.fromNetdev(Packet.syn(CLIENT, 40000, INGRESS_ADDRESS, 9975)).dropped(DropReason.ENDPOINT_UNKNOWN);
        node.fromPod(Packet.udp(POD, 40000, INGRESS_ADDRESS, 53, "x")).dropped(DropReason.ENDPOINT_UNKNOWN);
    }

    @Test
    void theOverlayCarriesIdentityIngress() {
        node.toOverlay(Packet.syn(INGRESS_ADDRESS, 50000, REMOTE_POD, 8080), GATEWAY_UPSTREAM)
                .passed();
    }

    @Test
    void aBackendOutsideThePodNetworkSeesTheNodesAddress() {
        var sent = node.toNetdev(Packet.syn(INGRESS_ADDRESS, 50000, Node.OTHER_NODE, 8080), GATEWAY_UPSTREAM)
                .passed();
        assertThat(sent.source()).isEqualTo(ADDRESS);
        var back = node.fromNetdev(sent.answer()).passed();
        assertThat(back.destination()).isEqualTo(INGRESS_ADDRESS);
    }

    @Test
    void aClientOnTheLanWhoseAddressIsKeptStaysBehindTheNodeTowardsOtherNodes() {
        var upstream = Packet.syn(CLIENT, 50001, REMOTE_POD, 8080);
        var sent = node.toOverlay(upstream, EGRESS_UPSTREAM).passed();
        assertThat(sent.source()).isEqualTo(ADDRESS);
        assertThat(sent.destination()).isEqualTo(REMOTE_POD);
        var host = node.toNetdev(Packet.syn(CLIENT, 50002, Node.OTHER_NODE, 8080), EGRESS_UPSTREAM)
                .passed();
        assertThat(host.source()).isEqualTo(ADDRESS);
        node.fromNetdev(host.answer()).handedToProxy();
    }

    @Test
    void whoTheClientIsGoesAlongWithDirectRoutesToo() {
        try (var direct = new Node(Routing.DIRECT)) {
            var sent = direct.toNetdev(Packet.syn(CLIENT, 50001, REMOTE_POD, 8080), EGRESS_UPSTREAM)
                    .redirected();
            assertThat(sent.source()).isEqualTo(ADDRESS);
        }
    }

    @Test
    void aPodThatIsBalancedToItselfSeesTheHairpinAddress() {
        var sent =
                node.toPod(Packet.syn(POD, 50001, POD, 8080), EGRESS_UPSTREAM).passed();
        assertThat(sent.source()).isEqualTo("169.254.42.1");
        var back = node.fromPod(sent.answer());
        back.handedToProxy();
    }
}
