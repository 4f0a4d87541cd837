// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All owners' plans, and for each frontend the one owner who gets it: the smallest in the order of {@link DesiredFrontend}, so
 * that it does not matter who came first. One owner's change costs what that owner asks for. One thread.
 */
final class FrontendTable {
    static final Comparator<FrontendKey> KEYS = Comparator.comparing(FrontendKey::address)
            .thenComparing(FrontendKey::port)
            .thenComparing(FrontendKey::protocol)
            .thenComparing(FrontendKey::scope);

    private static final String[] PROTOCOLS = {"TCP", "UDP"};

    private final Map<Owner, OwnerPlan> plans = new HashMap<>();
    private final Map<FrontendKey, SortedSet<DesiredFrontend>> claims = new HashMap<>();
    private final Set<FrontendKey> contested = new HashSet<>();
    private final Set<FrontendKey> changed = new LinkedHashSet<>();

    /** Replaces what the owner asks for. */
    void put(OwnerPlan plan) {
        OwnerPlan old = plans.put(plan.owner(), plan);
        withdraw(old);
        for (DesiredFrontend frontend : plan.frontends()) {
            claims.computeIfAbsent(frontend.key(), _ -> new TreeSet<>()).add(frontend);
            judge(frontend.key());
        }
    }

    void remove(Owner owner) {
        withdraw(plans.remove(owner));
    }

    Optional<OwnerPlan> planOf(Owner owner) {
        return Optional.ofNullable(plans.get(owner));
    }

    Set<Owner> owners() {
        return Set.copyOf(plans.keySet());
    }

    /** Who gets the frontend; empty if nobody asks for it. */
    Optional<DesiredFrontend> winner(FrontendKey key) {
        return Optional.ofNullable(claims.get(key)).map(SortedSet::first);
    }

    /** Frontends that may have changed since the last call. */
    Collection<FrontendKey> takeChanged() {
        var taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    /** Health checks by port. */
    Map<Integer, HealthCheck> healthChecks() {
        var checks = new TreeMap<Integer, HealthCheck>();
        plans.values()
                .forEach(plan -> plan.healthCheck().ifPresent(check -> checks.merge(check.port(), check, smaller())));
        return checks;
    }

    /** What can't be served of the owners' plans, sorted: faults of their own and what others got. */
    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        plans.values().forEach(plan -> problems.addAll(plan.problems()));
        for (FrontendKey key : contested) {
            SortedSet<DesiredFrontend> all = claimsTo(key);
            DesiredFrontend winner = all.first();
            all.stream()
                    .filter(loser -> !loser.owner().equals(winner.owner()))
                    .forEach(loser -> problems.add(conflict(loser, winner)));
        }
        return problems.stream().sorted().distinct().toList();
    }

    private SortedSet<DesiredFrontend> claimsTo(FrontendKey key) {
        return claims.getOrDefault(key, Collections.emptySortedSet());
    }

    FrontendPlan plan() {
        var frontends = new HashMap<FrontendKey, DesiredFrontend>();
        claims.forEach((key, all) -> frontends.put(key, all.first()));
        var ranges = new TreeMap<Owner, SortedSet<SourceRange>>();
        plans.forEach((owner, plan) -> {
            if (!plan.sourceRanges().isEmpty()) {
                ranges.put(owner, plan.sourceRanges());
            }
        });
        var sorted = new TreeMap<FrontendKey, DesiredFrontend>(KEYS);
        sorted.putAll(frontends);
        List<Backend> draining = plans.values().stream()
                .flatMap(plan -> plan.draining().stream())
                .toList();
        return new FrontendPlan(sorted, draining, ranges, new TreeMap<>(healthChecks()), problems());
    }

    private void withdraw(@Nullable OwnerPlan plan) {
        if (plan == null) {
            return;
        }
        for (DesiredFrontend frontend : plan.frontends()) {
            SortedSet<DesiredFrontend> all = claims.get(frontend.key());
            if (all != null) {
                all.remove(frontend);
                if (all.isEmpty()) {
                    claims.remove(frontend.key());
                }
            }
            judge(frontend.key());
        }
    }

    private void judge(FrontendKey key) {
        changed.add(key);
        SortedSet<DesiredFrontend> all = claims.get(key);
        if (all != null
                && !all.first().isMarker()
                && !all.first().owner().equals(all.last().owner())) {
            contested.add(key);
        } else {
            contested.remove(key);
        }
    }

    private static Problem conflict(DesiredFrontend loser, DesiredFrontend winner) {
        FrontendKey key = loser.key();
        String protocol = PROTOCOLS[key.protocol() == 6 ? 0 : 1];
        return new Problem(
                loser.owner(),
                Reason.FRONTEND_CONFLICT,
                "%s:%d/%s is served for %s".formatted(key.address(), key.port(), protocol, winner.owner()));
    }

    private static BinaryOperator<HealthCheck> smaller() {
        return BinaryOperator.minBy(Comparator.comparing(HealthCheck::namespace).thenComparing(HealthCheck::name));
    }
}
