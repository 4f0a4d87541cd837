// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.contract.policy.v1.NodeState;
import dev.kumo.kube.LeaderGate;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.parse.NetworkPolicyParser;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.publish.IdentityRetirement;
import dev.kumo.policy.publish.PolicyState;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Decides what of a plan this replica writes: any replica creates identities, only the leader does the rest. */
@Singleton
public final class PolicyWrites {
    private final LeaderGate leader;
    private final IdentityWriter identities;
    private final NodeWriter nodes;
    private final PolicyStatusWriter conditions;
    private final PolicyEvents events;
    private final IdentityRetirement retirement;
    private boolean led;

    PolicyWrites(
            LeaderGate leader,
            IdentityWriter identities,
            NodeWriter nodes,
            PolicyStatusWriter conditions,
            PolicyEvents events,
            PolicyConfig config) {
        this.leader = leader;
        this.identities = identities;
        this.nodes = nodes;
        this.conditions = conditions;
        this.events = events;
        this.retirement = new IdentityRetirement(config.identityCollection());
    }

    /**
     * A node whose dataplane says now that it is ready takes pods. Without such a word everything stays as it is.
     *
     * @param states the nodes' last words
     * @param reporting nodes with an open report stream
     */
    void nodes(Collection<NodeView> known, SortedMap<String, NodeState> states, Set<String> reporting) {
        boolean leads = leader.leading();
        if (led && !leads) {
            nodes.cancel();
            conditions.cancel();
            events.cancel();
        }
        led = leads;
        if (!leads) {
            return;
        }
        for (var node : known) {
            var state = states.get(node.name());
            if (state != null && state.getReady() && reporting.contains(node.name())) {
                if (!node.networkAvailable()) {
                    nodes.setNetworkAvailable(node.name());
                }
                if (node.agentNotReady()) {
                    nodes.removeTaint(node.name());
                }
            }
        }
    }

    /**
     * @param isWithdrawn whether no connected node holds the identity any more
     * @return the numbers that are no longer served
     */
    SortedSet<Integer> identities(PolicyPlan plan, IntPredicate isWithdrawn, Instant now) {
        plan.missing().forEach(identities::create);
        var retired = retirement.retired(plan.unused(), now);
        if (leader.leading()) {
            retired.stream().filter(isWithdrawn::test).forEach(identities::delete);
        }
        return retired;
    }

    /** Conditions of policies; a NetworkPolicy has none, so that what is wrong with it becomes an Event. */
    void policies(List<PolicyState> states) {
        if (!leader.leading()) {
            return;
        }
        var present = states.stream().map(PolicyWrites::id).collect(Collectors.toSet());
        conditions.retain(present);
        events.retain(states.stream()
                .filter(PolicyState::isRefused)
                .map(PolicyWrites::id)
                .collect(Collectors.toSet()));
        for (var state : states) {
            if (!id(state).kind().equals(NetworkPolicyParser.KIND)) {
                if (!state.stands()) {
                    conditions.write(state);
                }
            } else if (state.isRefused()) {
                events.tell(state);
            }
        }
    }

    private static PolicyId id(PolicyState state) {
        return state.policy().policy().id();
    }

    /** When an identity's time is over. */
    Optional<Duration> nextCheck(Instant now) {
        return retirement.nextCheck(now);
    }
}
