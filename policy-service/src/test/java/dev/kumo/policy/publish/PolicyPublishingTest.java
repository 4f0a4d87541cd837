// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyPublishingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SecurityLabels WEB = SecurityLabels.of(Map.of("k8s:app", "web"));
    private static final SecurityLabels IDLE = SecurityLabels.of(Map.of("k8s:app", "idle"));

    private final FeedState feed = FeedState.empty();
    private final PolicyPublishing publishing = new PolicyPublishing(feed);

    @Test
    void nodesIdentitiesAndAddressesGoToEveryNodeAndAnEndpointToItsOwn() throws InvalidProtocolBufferException {
        var snapshot = snapshot(Set.of(), Map.of("w1", address("10.244.0.2")));

        var node =
                Node.parseFrom(snapshot.items().get(new ItemKey("nodes", "w1")).value());
        assertThat(node.getPodRanges(0).getLength()).isEqualTo(120);
        assertThat(node.getInternalAddresses(0).size()).isEqualTo(16);
        var identity = Identity.parseFrom(
                snapshot.items().get(new ItemKey("identities", "300")).value());
        assertThat(identity.getLabelsMap()).containsExactly(Map.entry("k8s:app", "web"));
        var pod = AddressIdentity.parseFrom(
                snapshot.items().get(new ItemKey("addresses", "10.244.0.7")).value());
        assertThat(pod.getIdentity()).isEqualTo(300);
        var ingress = AddressIdentity.parseFrom(
                snapshot.items().get(new ItemKey("addresses", "10.244.0.2")).value());
        assertThat(ingress.getIdentity()).isEqualTo(8);
        var item = snapshot.items().get(new ItemKey("endpoints", "u1"));
        assertThat(Endpoint.parseFrom(item.value()).getClassNumber()).isZero();
        assertThat(item.audience().includes("w1")).isTrue();
        assertThat(item.audience().includes("w2")).isFalse();
        assertThat(snapshot.items()
                        .get(new ItemKey("addresses", "10.244.0.7"))
                        .audience()
                        .includes("w2"))
                .isTrue();
    }

    @Test
    void aRetiredIdentityIsWithdrawnAndCountsAsSoOnceNoConnectedNodeHoldsIt() {
        assertThat(snapshot(Set.of(301), Map.of()).items().keySet())
                .contains(new ItemKey("identities", "300"))
                .doesNotContain(new ItemKey("identities", "301"));

        assertThat(publishing.isWithdrawn(301)).isTrue();
        feed.acks().open("w1", Map.of(new ItemKey("identities", "301"), 1L));
        assertThat(publishing.isWithdrawn(301)).isFalse();
        feed.acks().open("w1", Map.of());
        assertThat(publishing.isWithdrawn(301)).isTrue();
    }

    @Test
    void aPodsAddressIsNeverAnIngressAddress() throws InvalidProtocolBufferException {
        var snapshot = snapshot(Set.of(), Map.of("w1", address("10.244.0.7")));

        var entry = AddressIdentity.parseFrom(
                snapshot.items().get(new ItemKey("addresses", "10.244.0.7")).value());
        assertThat(entry.getIdentity()).isEqualTo(300);
    }

    private StateSnapshot snapshot(Set<Integer> retired, Map<String, IPAddress> ingress) {
        var node = new NodeView(
                "w1", List.of(address("172.18.0.11")), List.of(), List.of(address("10.244.0.0/24")), true, false, true);
        var endpoint = new PlannedEndpoint("u1", "shop", "web", "w1", address("10.244.0.7"), 300, WEB, false);
        var plan = new PolicyPlan(
                new TreeMap<>(Map.of("w1", node)),
                new TreeMap<>(Map.of(300, WEB, 301, IDLE)),
                new TreeMap<>(Map.of("u1", endpoint)),
                new TreeMap<>(),
                new TreeSet<>(Set.of(301)),
                List.of());
        return publishing.snapshot(plan, RulePlan.NOTHING, retired, new TreeMap<>(ingress), new TreeMap<>(), NOW);
    }

    private static IPAddress address(String text) {
        return new IPAddressString(text).getAddress();
    }
}
