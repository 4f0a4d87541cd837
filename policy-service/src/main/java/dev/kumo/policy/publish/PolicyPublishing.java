// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import inet.ipaddr.IPAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Turns plans into snapshots of the policy feed, each endpoint in its time. Planning thread only. */
public final class PolicyPublishing {
    /** Cilium's reserved number of the identity {@code ingress}. */
    private static final int INGRESS = 8;

    private final FeedState feed;
    private final EndpointRelease release;
    private final PolicyConditions conditions = new PolicyConditions();
    private RulePlan rulePlan = RulePlan.NOTHING;
    private Map<String, String> nodesOfPods = Map.of();
    private RuleItems rules = RuleItems.NOTHING;

    public PolicyPublishing(FeedState feed) {
        this.feed = feed;
        this.release = new EndpointRelease(feed.acks());
    }

    /**
     * @param policies made for the plan's endpoints
     * @param retired identities that are no longer served
     * @param ingressAddresses by node: the address that gateway traffic leaves it from
     */
    public StateSnapshot snapshot(
            PolicyPlan plan,
            RulePlan policies,
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
        serve(policies, plan.endpoints());
        rules.all().forEach(snapshot::add);
        release.release(plan.endpoints(), rules, feed.reports().connected(), now)
                .values()
                .forEach(endpoint -> snapshot.add(PolicyMapper.endpoint(endpoint, rules.classOf(endpoint.podUid()))));
        return snapshot.build();
    }

    /**
     * What policies should say of themselves, by the plan of the snapshot that came last.
     *
     * @param reported what nodes have reported of classes and rule sets, by node and entry
     */
    public List<PolicyState> policyStates(
            Collection<PolicyView> policies,
            NodePresence nodes,
            Map<String, Map<ItemKey, PolicyItemState>> reported,
            Instant now) {
        var answers = new NodeAnswers(feed.acks(), reported);
        return conditions.states(policies, rulePlan.verdicts(), rules, nodes, answers, now);
    }

    /** When something may change by time alone. */
    public Optional<Duration> nextCheck(Instant now) {
        return Stream.of(release.nextCheck(now), conditions.nextCheck())
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    /** A class can have thousands of entries: they are written anew only where something has changed. */
    private void serve(RulePlan policies, SortedMap<String, PlannedEndpoint> endpoints) {
        var nodes = new HashMap<String, String>();
        endpoints.forEach((uid, endpoint) -> nodes.put(uid, endpoint.node()));
        if (policies != rulePlan || !nodes.equals(nodesOfPods)) {
            rules = RuleItems.of(policies, nodes);
            rulePlan = policies;
            nodesOfPods = nodes;
        }
    }

    /** Whether no connected node holds the identity any more. */
    public boolean isWithdrawn(int identity) {
        var key = new ItemKey("identities", Integer.toString(identity));
        return feed.acks().connected().stream().allMatch(node -> feed.acks().absent(node, key));
    }
}
