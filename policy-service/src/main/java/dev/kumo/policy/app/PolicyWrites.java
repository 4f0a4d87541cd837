// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.contract.policy.v1.NodeState;
import dev.kumo.kube.LeaderGate;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.publish.IdentityRetirement;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.IntPredicate;

/** Decides what of a plan this replica writes: any replica creates identities, only the leader does the rest. */
@Singleton
public final class PolicyWrites {
    private final LeaderGate leader;
    private final IdentityWriter identities;
    private final NodeWriter nodes;
    private final IdentityRetirement retirement;
    private boolean led;

    PolicyWrites(LeaderGate leader, IdentityWriter identities, NodeWriter nodes, PolicyConfig config) {
        this.leader = leader;
        this.identities = identities;
        this.nodes = nodes;
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

    /** When an identity's time is over. */
    Optional<Duration> nextCheck(Instant now) {
        return retirement.nextCheck(now);
    }
}
