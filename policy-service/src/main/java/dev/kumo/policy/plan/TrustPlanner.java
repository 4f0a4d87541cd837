// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.plan.TrustAction.CreateAuthority;
import dev.kumo.policy.plan.TrustAction.DropPrevious;
import dev.kumo.policy.plan.TrustAction.IssueLeaf;
import dev.kumo.policy.plan.TrustAction.Publish;
import dev.kumo.policy.plan.TrustAction.RenewAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what to do for the feeds' certificates, make before break: everything is renewed at two thirds of its life; nodes
 * are told to trust a new authority before a service shows a leaf of it; the old authority stays trusted for the life of a
 * leaf, by when no leaf of it is left. Stateless; any thread.
 */
public final class TrustPlanner {
    /** So long after an authority's notBefore, which lies five minutes back, every node has it: kubelets take two minutes. */
    static final Duration DISTRIBUTION = Duration.ofMinutes(15);

    private final Set<String> services;
    private final Duration leafLife;

    /** @param services those that need a leaf */
    public TrustPlanner(Set<String> services, Duration leafLife) {
        this.services = Set.copyOf(services);
        this.leafLife = leafLife;
    }

    /** @return what to do now, in this order; after an authority was made, plan again */
    public List<TrustAction> plan(TrustState state, Instant now) {
        if (state.authority().isEmpty()) {
            return List.of(new CreateAuthority());
        }
        var authority = state.authority().get();
        if (authority.validity().isDue(now)) {
            return List.of(new RenewAuthority());
        }
        var actions = new ArrayList<TrustAction>();
        if (authority.previous().isPresent()
                && !authority.validity().notBefore().plus(leafLife).isAfter(now)) {
            return List.of(new DropPrevious());
        }
        if (!state.published().equals(trusted(authority))) {
            actions.add(new Publish());
        }
        services.stream()
                .sorted()
                .filter(service -> needsLeaf(state.leaves().get(service), authority, now))
                .map(IssueLeaf::new)
                .forEach(actions::add);
        return List.copyOf(actions);
    }

    private static boolean needsLeaf(
            TrustState.@org.jspecify.annotations.Nullable Leaf leaf, TrustState.Authority authority, Instant now) {
        if (leaf == null || leaf.validity().isDue(now)) {
            return true;
        }
        if (leaf.issuer().equals(authority.fingerprint())) {
            return false;
        }
        boolean ofPrevious = authority.previous().map(leaf.issuer()::equals).orElse(false);
        return !ofPrevious
                || !authority.validity().notBefore().plus(DISTRIBUTION).isAfter(now);
    }

    private static Set<String> trusted(TrustState.Authority authority) {
        return Stream.concat(Stream.of(authority.fingerprint()), authority.previous().stream())
                .collect(Collectors.toSet());
    }
}
