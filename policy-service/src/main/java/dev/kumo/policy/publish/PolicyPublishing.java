// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import inet.ipaddr.IPAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Turns plans into snapshots of the policy feed, each endpoint in its time. Planning thread only. */
public final class PolicyPublishing {
    /** Cilium's reserved number of the identity {@code ingress}. */
    private static final int INGRESS = 8;

    private final FeedState feed;
    private final EndpointRelease release;

    public PolicyPublishing(FeedState feed) {
        this.feed = feed;
        this.release = new EndpointRelease(feed.acks());
    }

    /**
     * @param retired identities that are no longer served
     * @param ingressAddresses by node: the address that gateway traffic leaves it from
     */
    public StateSnapshot snapshot(
            PolicyPlan plan,
            Set<Integer> retired,
            SortedMap<String, IPAddress> ingressAddresses,
            SortedMap<String, Long> resourceVersions,
            Instant now) {
        var snapshot = StateSnapshot.builder();
        resourceVersions.forEach(snapshot::resourceVersion);
        plan.nodes().values().forEach(node -> snapshot.add(PolicyMapper.node(node)));
        plan.identities().forEach((number, labels) -> {
            if (!retired.contains(number)) {
                snapshot.add(PolicyMapper.identity(number, labels));
            }
        });
        var pods = new HashSet<IPAddress>();
        for (var endpoint : plan.endpoints().values()) {
            pods.add(endpoint.address());
            snapshot.add(PolicyMapper.address(endpoint));
        }
        ingressAddresses.forEach((node, address) -> {
            if (pods.add(address)) {
                snapshot.add(PolicyMapper.address(address, INGRESS, node));
            }
        });
        release.release(plan.endpoints(), feed.reports().connected(), now)
                .values()
                .forEach(endpoint -> snapshot.add(PolicyMapper.endpoint(endpoint)));
        return snapshot.build();
    }

    /** When something may change by time alone. */
    public Optional<Duration> nextCheck(Instant now) {
        return release.nextCheck(now);
    }

    /** Whether no connected node holds the identity any more. */
    public boolean isWithdrawn(int identity) {
        var key = new ItemKey("identities", Integer.toString(identity));
        return feed.acks().connected().stream().allMatch(node -> feed.acks().absent(node, key));
    }
}
