// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.contract.envoy.v1.EnvoyNodeState;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<String> ALL = Set.of("w1", "w2", "w3");

    private final Confirmations confirmations = new Confirmations();
    private ReportTable reports = new ReportTable();
    private Set<String> standing = Set.of();
    private long hash = 1;

    @Test
    void waitsForEachNodeThatWasThere() {
        assertThat(ask(0, ALL)).isEqualTo(new Confirmation.Waiting("0 of 3 nodes; waiting: w1, w2, w3"));
        accept("w1", 1);
        accept("w2", 1);
        assertThat(ask(1, ALL)).isEqualTo(new Confirmation.Waiting("2 of 3 nodes; waiting: w3"));
        accept("w3", 1);
        assertThat(ask(2, ALL)).isEqualTo(new Confirmation.Served("3 of 3 nodes"));
    }

    @Test
    void aSilentNodeHoldsItBackForTenSeconds() {
        ask(0, ALL);
        accept("w1", 1);
        assertThat(ask(9, ALL)).isInstanceOf(Confirmation.Waiting.class);
        assertThat(confirmations.nextCheck()).contains(Duration.ofSeconds(1));
        assertThat(ask(10, ALL)).isEqualTo(new Confirmation.Served("1 of 3 nodes; waiting: w2, w3"));
    }

    @Test
    void withoutAnyWordItStaysWaiting() {
        ask(0, ALL);
        assertThat(ask(60, ALL)).isInstanceOf(Confirmation.Waiting.class);
        assertThat(ask(61, Set.of())).isInstanceOf(Confirmation.Waiting.class);
    }

    @Test
    void nodesThatComeAndGoChangeNothing() {
        ask(0, Set.of("w1", "w2"));
        accept("w1", 1);
        accept("w2", 1);
        assertThat(ask(1, ALL)).isEqualTo(new Confirmation.Served("2 of 2 nodes"));
        reports = new ReportTable();
        assertThat(ask(2, Set.of())).isEqualTo(new Confirmation.Served("2 of 2 nodes"));
    }

    @Test
    void ofManyNodesAFewAreNamed() {
        var many = IntStream.range(100, 140).mapToObj(number -> "w" + number).collect(Collectors.toSet());
        assertThat(ask(0, many).message())
                .isEqualTo("0 of 40 nodes; waiting: w100, w101, w102, w103, w104, w105, w106, w107, w108, w109"
                        + " and 30 more");
    }

    @Test
    void aNewVersionIsAskedForAnew() {
        ask(0, ALL);
        ALL.forEach(node -> accept(node, 1));
        assertThat(ask(1, ALL).isServed()).isTrue();
        hash = 2;
        assertThat(ask(2, ALL)).isEqualTo(new Confirmation.Waiting("0 of 3 nodes; waiting: w1, w2, w3"));
        ALL.forEach(node -> accept(node, 2));
        assertThat(ask(3, ALL).isServed()).isTrue();
    }

    @Test
    void oneRefusalWeighsMoreThanAllOthers() {
        ask(0, ALL);
        accept("w1", 1);
        accept("w3", 1);
        put("w2", ResourceState.newBuilder().setKey("listener").setRefused(1).setMessage("bad field"));
        assertThat(ask(1, ALL)).isEqualTo(new Confirmation.Refused("PROXY_REFUSED: node w2: bad field"));
        hash = 2;
        assertThat(ask(2, ALL)).as("of another version").isInstanceOf(Confirmation.Waiting.class);
    }

    @Test
    void whatKeepsARedirectFromBeingInForceIsARefusal() {
        ask(0, ALL);
        ALL.forEach(node -> accept(node, 1));
        say(
                "w3",
                StateItem.of(
                        NodeReports.ENVOY_STATES,
                        "w3",
                        EnvoyNodeState.newBuilder()
                                .setNode("w3")
                                .addRedirectRefusals(RedirectRefusal.newBuilder()
                                        .setKey("redirect")
                                        .setReason("PORT_IN_USE")
                                        .setMessage("11000"))
                                .build()));
        assertThat(ask(1, ALL)).isEqualTo(new Confirmation.Refused("PORT_IN_USE: node w3: 11000"));
    }

    @Test
    void whatWasServedBeforeARestartStandsUntilNodesHadTheirTime() {
        standing = Set.of("web");
        assertThat(ask(0, Set.of()).isServed()).isTrue();
        assertThat(ask(30, ALL).isServed()).as("nodes begin to connect").isTrue();
        assertThat(ask(39, ALL).isServed()).isTrue();
        assertThat(ask(40, ALL).isServed()).as("and never spoke").isFalse();
    }

    private Confirmation ask(int second, Set<String> candidates) {
        var known = new HashSet<>(ALL);
        known.addAll(candidates);
        var listener = new PublishedListener(
                "web",
                "listener",
                hash,
                new TreeMap<>(Map.of("routes", 7L)),
                List.of("redirect"),
                Audience.everyNode());
        return confirmations
                .of(
                        List.of(listener),
                        standing,
                        new NodeReports(reports),
                        new NodePresence(known, candidates),
                        START.plusSeconds(second))
                .getOrDefault("web", Confirmation.UNKNOWN);
    }

    private void accept(String node, long accepted) {
        put(node, ResourceState.newBuilder().setKey("listener").setAccepted(accepted));
    }

    private void put(String node, ResourceState.Builder state) {
        say(node, StateItem.of(NodeReports.RESOURCE_STATES, node + "/" + state.getKey(), state.build()));
    }

    private void say(String node, StateItem word) {
        reports.opened(node, this);
        reports.changed(node, this, List.of(word), List.of());
    }
}
