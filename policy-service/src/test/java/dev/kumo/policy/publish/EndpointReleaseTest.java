// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.stream.AckTable;
import dev.kumo.stream.ItemKey;
import inet.ipaddr.IPAddressString;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EndpointReleaseTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PlannedEndpoint NEW = endpoint(300, false);
    private static final Set<String> NODES = Set.of("w1", "w2");

    private final AckTable acks = new AckTable();
    private final EndpointRelease release = new EndpointRelease(acks);

    @Test
    void waitsUntilEverySubscribedNodeKnowsTheAddressAndTheIdentity() {
        knows("w1", NEW);
        acks.open("w2", Map.of());
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START))
                .isEmpty();

        knowsAddressOnly("w2", NEW);
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START.plusMillis(5)))
                .isEmpty();

        knows("w2", NEW);
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START.plusMillis(10)))
                .containsValue(NEW);
    }

    @Test
    void waitsForTheNodesOwnClassesThatHaveARuleForTheIdentity() {
        var client = endpoint(RuleFixture.CLIENT, false);
        var rules = RuleFixture.items(RuleFixture.deny("deny"));
        knows("w1", client);
        assertThat(release.release(planned(client), rules, Set.of("w1"), START)).isEmpty();

        var policyClass = rules.naming(RuleFixture.CLIENT).getFirst();
        var held = held(client);
        held.put(policyClass.key(), policyClass.hash());
        acks.open("w1", held);
        // No endpoint of the class is there.
        knows("w3", client);
        assertThat(release.release(planned(client), rules, Set.of("w1", "w3"), START.plusMillis(5)))
                .containsValue(client);
    }

    @Test
    void aNodeThatStaysSilentForASecondDoesNotCount() {
        knows("w1", NEW);
        acks.open("w2", Map.of());
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START))
                .isEmpty();
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START.plusMillis(999)))
                .isEmpty();
        assertThat(release.nextCheck(START.plusMillis(999))).contains(Duration.ofMillis(1));

        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START.plusSeconds(1)))
                .containsValue(NEW);
        assertThat(release.nextCheck(START.plusSeconds(1))).isEmpty();
    }

    @Test
    void aNodeThatIsSubscribedToAnotherReplicaIsGivenAMoment() {
        knows("w1", NEW);
        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START))
                .isEmpty();
        assertThat(release.nextCheck(START)).contains(EndpointRelease.ELSEWHERE);

        assertThat(release.release(planned(NEW), RuleItems.NOTHING, NODES, START.plus(EndpointRelease.ELSEWHERE)))
                .containsValue(NEW);
    }

    @Test
    void aPodWithANewIdentityKeepsItsOldEntryMeanwhile() {
        knows("w1", NEW);
        release.release(planned(NEW), RuleItems.NOTHING, Set.of("w1"), START);
        var relabelled = endpoint(301, false);

        assertThat(release.release(planned(relabelled), RuleItems.NOTHING, Set.of("w1"), START.plusSeconds(5)))
                .containsValue(NEW);
        knows("w1", relabelled);
        assertThat(release.release(planned(relabelled), RuleItems.NOTHING, Set.of("w1"), START.plusSeconds(5)))
                .containsValue(relabelled);
    }

    @Test
    void whatIsReleasedStaysSoWhenNodesComeAndGo() {
        knows("w1", NEW);
        release.release(planned(NEW), RuleItems.NOTHING, Set.of("w1"), START);
        acks.open("w3", Map.of());

        assertThat(release.release(planned(NEW), RuleItems.NOTHING, Set.of("w1", "w3"), START.plusSeconds(1)))
                .containsValue(NEW);
    }

    @Test
    void whatANodeHasInstalledGoesOutAtOnceAfterARestart() {
        acks.open("w1", Map.of());

        assertThat(release.release(planned(endpoint(300, true)), RuleItems.NOTHING, NODES, START))
                .hasSize(1);
    }

    @Test
    void aWithdrawnEndpointIsForgotten() {
        knows("w1", NEW);
        release.release(planned(NEW), RuleItems.NOTHING, Set.of("w1"), START);

        assertThat(release.release(new TreeMap<>(), RuleItems.NOTHING, Set.of("w1"), START.plusSeconds(1)))
                .isEmpty();
    }

    private void knows(String node, PlannedEndpoint endpoint) {
        acks.open(node, held(endpoint));
    }

    private static Map<ItemKey, Long> held(PlannedEndpoint endpoint) {
        var held = new HashMap<ItemKey, Long>();
        var address = PolicyMapper.address(endpoint);
        var identity = PolicyMapper.identity(endpoint.identity(), endpoint.labels());
        held.put(address.key(), address.hash());
        held.put(identity.key(), identity.hash());
        return held;
    }

    private void knowsAddressOnly(String node, PlannedEndpoint endpoint) {
        var address = PolicyMapper.address(endpoint);
        acks.open(node, Map.of(address.key(), address.hash()));
    }

    private static SortedMap<String, PlannedEndpoint> planned(PlannedEndpoint endpoint) {
        return new TreeMap<>(Map.of(endpoint.podUid(), endpoint));
    }

    private static PlannedEndpoint endpoint(int identity, boolean installed) {
        return new PlannedEndpoint(
                "u1",
                "shop",
                "web",
                "w1",
                new IPAddressString("10.244.0.7").getAddress(),
                identity,
                SecurityLabels.of(Map.of("k8s:app", "web" + identity)),
                installed);
    }
}
