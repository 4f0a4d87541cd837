// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.stream.AckTable;
import dev.kumo.stream.StateItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds an endpoint back from its own node until the nodes know whose address it is, so that no packet of it is judged by
 * wrong knowledge. A pod with a new identity keeps its old entry meanwhile.
 *
 * <p>Every node that is subscribed here must have applied the address, the identity and the node's own classes that have a
 * rule for it; those that report here but are subscribed to another replica, which learned the same at the same time, are
 * given a moment; a node that stays silent for a second does not count. Planning thread only.
 */
final class EndpointRelease {
    static final Duration SILENT = Duration.ofSeconds(1);
    static final Duration ELSEWHERE = Duration.ofMillis(200);

    private final AckTable acks;
    private final Map<String, PlannedEndpoint> released = new HashMap<>();
    private final Map<String, Waiting> waiting = new HashMap<>();

    private record Waiting(PlannedEndpoint endpoint, Instant since) {}

    EndpointRelease(AckTable acks) {
        this.acks = acks;
    }

    /**
     * @param rules as they are served now
     * @param reporting nodes with an open report stream
     * @return what the nodes may hold now, by pod UID
     */
    SortedMap<String, PlannedEndpoint> release(
            SortedMap<String, PlannedEndpoint> planned, RuleItems rules, Set<String> reporting, Instant now) {
        released.keySet().retainAll(planned.keySet());
        waiting.keySet().retainAll(planned.keySet());
        planned.forEach((uid, endpoint) -> {
            if (sameAs(released.get(uid), endpoint) || endpoint.installed()) {
                waiting.remove(uid);
                released.put(uid, endpoint);
            } else if (mayGo(begin(uid, endpoint, now), rules, reporting, now)) {
                waiting.remove(uid);
                released.put(uid, endpoint);
            }
        });
        return new TreeMap<>(released);
    }

    /** When something that waits may go by time alone. */
    Optional<Duration> nextCheck(Instant now) {
        return waiting.values().stream()
                .map(Waiting::since)
                .map(since ->
                        Duration.between(now, since.plus(now.isBefore(since.plus(ELSEWHERE)) ? ELSEWHERE : SILENT)))
                .min(Duration::compareTo);
    }

    private Waiting begin(String uid, PlannedEndpoint endpoint, Instant now) {
        return waiting.compute(
                uid,
                (_, before) ->
                        before != null && sameAs(before.endpoint, endpoint) ? before : new Waiting(endpoint, now));
    }

    private boolean mayGo(Waiting candidate, RuleItems rules, Set<String> reporting, Instant now) {
        var waited = Duration.between(candidate.since, now);
        if (waited.compareTo(SILENT) >= 0) {
            return true;
        }
        var subscribed = acks.connected();
        if (waited.compareTo(ELSEWHERE) < 0 && !subscribed.containsAll(reporting)) {
            return false;
        }
        var endpoint = candidate.endpoint;
        var needed = new ArrayList<>(rules.naming(endpoint.identity()));
        needed.add(PolicyMapper.address(endpoint));
        needed.add(PolicyMapper.identity(endpoint.identity(), endpoint.labels()));
        return subscribed.stream().allMatch(node -> needed.stream().allMatch(item -> knows(node, item)));
    }

    private boolean knows(String node, StateItem item) {
        return !item.audience().includes(node) || acks.applied(node, item.key(), item.hash());
    }

    private static boolean sameAs(@org.jspecify.annotations.Nullable PlannedEndpoint one, PlannedEndpoint other) {
        return one != null
                && one.identity() == other.identity()
                && one.labels().equals(other.labels())
                && one.address().equals(other.address())
                && one.node().equals(other.node());
    }
}
