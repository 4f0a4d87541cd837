// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import static dev.kumo.dataplane.gateway.GatewayItems.backend;
import static dev.kumo.dataplane.gateway.GatewayItems.cluster;
import static dev.kumo.dataplane.gateway.GatewayItems.key;
import static dev.kumo.dataplane.gateway.GatewayItems.listener;
import static dev.kumo.dataplane.gateway.GatewayItems.redirect;
import static dev.kumo.dataplane.gateway.GatewayItems.routes;
import static dev.kumo.dataplane.gateway.GatewayItems.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayManagerTest {
    private static final Entry LISTENER = listener("gw/80", "gw/80");
    private static final Entry ROUTES = routes("gw/80", "shop/web:80");
    private static final Entry CLUSTER = cluster("shop/web:80", true);
    private static final Entry REDIRECT = redirect("gw", "gw/80", false);
    private static final String STATE = "w1/" + key(ResourceType.LISTENER, "gw/80");

    @TempDir
    Path folder;

    private GatewayNode node;

    @BeforeEach
    void start() {
        node = new GatewayNode(folder);
    }

    private void gateway() {
        node.services(
                service("gw", "10.96.0.7"),
                service("web", "10.96.0.8"),
                backend("web", "web", "10.244.1.9", 8080, true));
        node.become(LISTENER, ROUTES, CLUSTER, REDIRECT);
    }

    @Test
    void aListenerIsBoundToAPortOfTheNodeThatRowAndFrontendsName() throws Exception {
        gateway();
        var listener = node.told(ResourceType.LISTENER, "gw/80", Listener.class);
        assertThat(listener.getAddress().getSocketAddress().getAddress()).isEqualTo("127.0.0.1");
        int port = listener.getAddress().getSocketAddress().getPortValue();
        assertThat(port).isBetween(11_000, 19_999);
        assertThat(listener.getTransparent().getValue()).isTrue();
        assertThat(node.slots.contents().values()).containsExactly(new SlotPort(port));
        assertThat(node.slots.contents().keySet()).isEqualTo(slotsOfFrontends());
        assertThat(node.states.get(STATE).getAccepted()).isEqualTo(hash(LISTENER));
        assertThat(node.envoyState.getConnected()).isTrue();
        assertThat(node.envoyState.getRedirectRefusalsList()).isEmpty();
    }

    @Test
    void aFrontendsSlotIsPrintedAsPeopleUnderstandIt() {
        gateway();
        assertThat(node.rows().rows())
                .extracting(row -> row.get("owner") + ": " + row.get("slot"))
                .containsOnly("service shop/gw: gateway slot 1", "service shop/web: ");
    }

    @Test
    void connectionsLeaveFromTheIngressAddressWhereTheyShould() throws Exception {
        node.services();
        node.become(CLUSTER, cluster("shop/other:80", false));
        var bound =
                node.told(ResourceType.CLUSTER, "shop/web:80", Cluster.class).getUpstreamBindConfig();
        assertThat(bound.getSourceAddress().getAddress()).isEqualTo(GatewayNode.INGRESS.toString());
        assertThat(bound.getSocketOptions(0).getIntValue()).isEqualTo(0xC00);
        assertThat(node.told(ResourceType.CLUSTER, "shop/other:80", Cluster.class)
                        .hasUpstreamBindConfig())
                .isFalse();
    }

    @Test
    void aClientsAddressIsKeptWhereItShould() throws Exception {
        node.services(service("gw", "10.96.0.7"));
        node.become(LISTENER, redirect("gw", "gw/80", true));
        assertThat(node.told(ResourceType.LISTENER, "gw/80", Listener.class)
                        .getListenerFilters(0)
                        .getName())
                .isEqualTo("envoy.filters.listener.original_src");
    }

    @Test
    void aFrontendIsLedToAListenerThatEnvoyGoesByAndNoSooner() {
        node.takes = resource -> resource.name().type() != ResourceType.ROUTES;
        gateway();
        assertThat(slotsOfFrontends()).isEmpty();
        assertThat(node.slots.contents()).isEmpty();
        assertThat(node.states.get(STATE).getAccepted()).isZero();
        node.events.clear();
        node.takesAll();
        assertThat(node.events.getFirst()).startsWith("row ");
        assertThat(slotsOfFrontends()).hasSize(1);
        assertThat(node.states.get(STATE).getAccepted()).isEqualTo(hash(LISTENER));
    }

    @Test
    void aFrontendIsLedAwayBeforeItsListenerGoes() {
        gateway();
        node.events.clear();
        node.remove(
                Table.REDIRECTS.item(REDIRECT.key().key()),
                Table.RESOURCES.item(LISTENER.key().key()),
                Table.RESOURCES.item(ROUTES.key().key()));
        assertThat(slotsOfFrontends()).isEmpty();
        assertThat(node.events).containsExactly("row gone", "-LISTENER gw/80", "-ROUTES gw/80");
        assertThat(node.states).isEmpty();
    }

    @Test
    void aListenerThatGoesUnderItsRedirectLeavesItToNobody() {
        gateway();
        node.remove(Table.RESOURCES.item(LISTENER.key().key()));
        assertThat(slotsOfFrontends()).hasSize(1);
        assertThat(node.slots.contents()).isEmpty();
        assertThat(node.envoyState.getRedirectRefusalsList())
                .extracting(RedirectRefusal::getReason)
                .containsExactly("REFERENT_MISSING");
    }

    @Test
    void aRedirectThatMovesStaysWhereItIsUntilItCanMove() {
        gateway();
        var before = slotsOfFrontends();
        node.takes = resource -> !resource.name().name().equals("other");
        node.become(listener("other", "gw/80"), redirect("gw", "other", false));
        assertThat(slotsOfFrontends()).isEqualTo(before);
        node.takesAll();
        assertThat(slotsOfFrontends()).hasSize(1).isNotEqualTo(before);
    }

    @Test
    void aNewProcessLeavesFrontendsWhereTheyAreUntilItKnowsMore() {
        gateway();
        var slots = slotsOfFrontends();
        var rows = node.slots.contents();
        node.start();
        node.events.clear();
        node.connected = false;
        node.services(service("gw", "10.96.0.7"), service("web", "10.96.0.8"));
        assertThat(slotsOfFrontends()).isEqualTo(slots);
        node.become(LISTENER, ROUTES, CLUSTER, REDIRECT);
        assertThat(slotsOfFrontends()).isEqualTo(slots);
        assertThat(node.slots.contents()).isEqualTo(rows);
        assertThat(node.events).doesNotContain("row gone");
    }

    @Test
    void aPortThatIsTakenIsReplaced() throws Exception {
        var name = new ResourceName(ResourceType.LISTENER, "gw/80");
        node.refusals.put(name, "cannot bind '127.0.0.1:11000': Address already in use");
        node.services(service("gw", "10.96.0.7"));
        node.become(LISTENER, ROUTES, CLUSTER, REDIRECT);
        assertThat(node.states.get(STATE).getRefused()).isEqualTo(hash(LISTENER));
        assertThat(slotsOfFrontends()).isEmpty();
        node.refusals.clear();
        node.takesAll();
        int port = node.told(ResourceType.LISTENER, "gw/80", Listener.class)
                .getAddress()
                .getSocketAddress()
                .getPortValue();
        assertThat(port).isGreaterThan(11_000);
        assertThat(node.slots.contents().values()).containsExactly(new SlotPort(port));
        assertThat(node.states.get(STATE).getAccepted()).isEqualTo(hash(LISTENER));
    }

    @Test
    void whatEnvoyRefusesIsToldWithItsReasonAndTheFormerStaysInForce() {
        gateway();
        node.refusals.put(new ResourceName(ResourceType.ROUTES, "gw/80"), "no such cluster");
        var next = routes("gw/80", "elsewhere");
        node.become(next);
        var state = node.states.get("w1/" + ROUTES.key().key());
        assertThat(state.getAccepted()).isEqualTo(hash(ROUTES));
        assertThat(state.getRefused()).isEqualTo(hash(next));
        assertThat(state.getMessage()).isEqualTo("no such cluster");
        assertThat(slotsOfFrontends()).hasSize(1);
    }

    @Test
    void clustersAreReportedWhenTheyAreRefused() {
        gateway();
        var state = "w1/" + CLUSTER.key().key();
        assertThat(node.states).doesNotContainKey(state);
        node.refusals.put(new ResourceName(ResourceType.CLUSTER, "bad"), "no");
        var bad = cluster("bad", false);
        node.become(bad);
        assertThat(node.states.get("w1/" + bad.key().key()).getRefused()).isEqualTo(hash(bad));
    }

    @Test
    void anUnknownTypeIsRefusedAndAllElseGoesOn() {
        node.services();
        var odd = GatewayItems.resource(ResourceType.CLUSTER, "odd", Empty.getDefaultInstance(), false);
        node.become(odd, CLUSTER);
        assertThat(node.apply())
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals())
                                .extracting(ItemRefusal::reason)
                                .containsExactly(Reason.UNSUPPORTED));
        assertThat(node.isTold(ResourceType.CLUSTER, "shop/web:80")).isTrue();
    }

    @Test
    void endpointsAreThoseOfTheNamedPortOrOfAll() throws Exception {
        node.services(
                service("web", "10.96.0.8"),
                backend("web", "web", "10.244.1.9", 8080, true),
                backend("web", "metrics", "10.244.1.9", 9090, true));
        node.become(
                cluster("shop/web:80", false),
                cluster("shop/web:metrics", false),
                cluster("shop/web", false),
                cluster("shop/unknown:80", false));
        assertThat(endpoints("shop/web:80")).containsExactly("10.244.1.9:8080");
        assertThat(endpoints("shop/web:metrics")).containsExactly("10.244.1.9:9090");
        assertThat(endpoints("shop/web")).containsExactly("10.244.1.9:8080", "10.244.1.9:9090");
        assertThat(endpoints("shop/unknown:80")).isEmpty();
    }

    @Test
    void anEndpointThatChangesIsOneResource() throws Exception {
        gateway();
        node.events.clear();
        node.services(backend("web", "web", "10.244.2.9", 8080, true));
        assertThat(node.events)
                .contains("+ENDPOINTS shop/web:80")
                .filteredOn(e -> e.startsWith("+"))
                .hasSize(1);
        assertThat(endpoints("shop/web:80")).containsExactly("10.244.1.9:8080", "10.244.2.9:8080");
        node.services(backend("web", "web", "10.244.1.9", 8080, false));
        assertThat(endpoints("shop/web:80")).containsExactly("10.244.2.9:8080");
        node.services(backend("web", "web", "10.244.2.9", 8080, false));
        assertThat(endpoints("shop/web:80"))
                .as("none is ready: those that still serve")
                .containsExactly("10.244.1.9:8080", "10.244.2.9:8080");
    }

    @Test
    void nothingIsToldBeforeBothFeedsAreKnown() {
        node.become(CLUSTER);
        assertThat(node.events).isEmpty();
        node.services();
        assertThat(node.isTold(ResourceType.CLUSTER, "shop/web:80")).isTrue();
    }

    @Test
    void theLoopGivesEachItsTurn() {
        try (var loop = new ApplyLoop((_, _, _) -> {})) {
            node.addTo(loop);
            loop.start();
            loop.deliver(new DesiredChange(FeedMethods.SERVICE, List.of(service("gw", "10.96.0.7")), List.of(), true));
            loop.deliver(new DesiredChange(
                    FeedMethods.ENVOY, List.of(LISTENER, ROUTES, CLUSTER, REDIRECT), List.of(), true));
            await().until(() -> slotsOfFrontends().size() == 1);
        }
    }

    private List<String> endpoints(String name) throws Exception {
        return node.told(ResourceType.ENDPOINTS, name, ClusterLoadAssignment.class).getEndpointsList().stream()
                .flatMap(group -> group.getLbEndpointsList().stream())
                .map(endpoint -> endpoint.getEndpoint().getAddress().getSocketAddress())
                .map(address -> address.getAddress() + ":" + address.getPortValue())
                .toList();
    }

    private Set<String> slotsOfFrontends() {
        return node.frontends.contents().values().stream()
                .map(Frontend::slot)
                .filter(slot -> slot != 0)
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long hash(Entry entry) {
        return ContentHash.of(ContentHash.serialize(entry.message()));
    }
}
