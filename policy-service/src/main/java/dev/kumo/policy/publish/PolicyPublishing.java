// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.rule.RulePlan;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.memo.Memo;
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
    /** An entry is written once as long as it says the same. */
    private final Memo<String, NodeView, StateItem> nodes = new Memo<>();

    private final Memo<Integer, SecurityLabels, StateItem> identities = new Memo<>();
    private final Memo<IPAddress, AddressSource, StateItem> addresses = new Memo<>();
    private final Memo<String, EndpointSource, StateItem> endpoints = new Memo<>();

    private record AddressSource(IPAddress address, int identity, String node) {}

    private record EndpointSource(PlannedEndpoint endpoint, int policyClass) {}

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
        plan.nodes().values().forEach(node -> snapshot.add(nodes.of(node.name(), node, PolicyMapper::node)));
        plan.identities().forEach((number, labels) -> {
            if (!retired.contains(number)) {
                snapshot.add(identities.of(number, labels, own -> PolicyMapper.identity(number, own)));
            }
        });
        var pods = new HashSet<IPAddress>();
        for (var endpoint : plan.endpoints().values()) {
            pods.add(endpoint.address());
            snapshot.add(address(endpoint.address(), endpoint.identity(), endpoint.node()));
        }
        ingressAddresses.forEach((node, address) -> {
            if (pods.add(address)) {
                snapshot.add(address(address, INGRESS, node));
            }
        });
        serve(policies, plan.endpoints());
        rules.all().forEach(snapshot::add);
        release.release(plan.endpoints(), rules, feed.reports().connected(), now)
                .values()
                .forEach(endpoint -> snapshot.add(endpoint(endpoint, rules.classOf(endpoint.podUid()))));
        List.of(nodes, identities, addresses, endpoints).forEach(Memo::endRound);
        return snapshot.build();
    }

    private StateItem address(IPAddress address, int identity, String node) {
        return addresses.of(
                address,
                new AddressSource(address, identity, node),
                source -> PolicyMapper.address(source.address(), source.identity(), source.node()));
    }

    private StateItem endpoint(PlannedEndpoint endpoint, int policyClass) {
        return endpoints.of(
                endpoint.podUid(),
                new EndpointSource(endpoint, policyClass),
                source -> PolicyMapper.endpoint(source.endpoint(), source.policyClass()));
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
    private void serve(RulePlan policies, SortedMap<String, PlannedEndpoint> planned) {
        var hosts = new HashMap<String, String>();
        planned.forEach((uid, endpoint) -> hosts.put(uid, endpoint.node()));
        if (policies != rulePlan || !hosts.equals(nodesOfPods)) {
            rules = RuleItems.of(policies, hosts, rules);
            rulePlan = policies;
            nodesOfPods = hosts;
        }
    }

    /** Whether no connected node holds the identity any more. */
    public boolean isWithdrawn(int identity) {
        var key = new ItemKey("identities", Integer.toString(identity));
        return feed.acks().connected().stream().allMatch(node -> feed.acks().absent(node, key));
    }
}
