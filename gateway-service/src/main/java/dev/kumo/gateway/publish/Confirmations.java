// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.stream.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says of each listener whether nodes serve it, from their reports alone: so every replica says the same, whichever serves a
 * node.
 *
 * <p>The nodes that matter are those that are Ready and connected when the listener comes or changes; later coming and going
 * changes nothing. One that refuses makes it refused. Ten seconds after the change a silent node no longer holds it back, if
 * another serves it. What was said to be served before this replica started stands until then. Planning thread only.
 */
public final class Confirmations {
    static final Duration SILENT = Duration.ofSeconds(10);

    private final Map<String, Rollout> rollouts = new HashMap<>();
    private Optional<Duration> nextCheck = Optional.empty();

    /**
     * Asks for one plan's listeners.
     *
     * @param listeners all there are
     * @param standing names of those that are said to be served by the objects' own statuses
     * @return by the listener's name
     */
    public Map<String, Confirmation> of(
            Collection<PublishedListener> listeners,
            Set<String> standing,
            NodeReports reports,
            NodePresence nodes,
            Instant now) {
        var confirmations = new HashMap<String, Confirmation>();
        var names = new HashSet<String>();
        nextCheck = Optional.empty();
        for (var listener : listeners) {
            names.add(listener.name());
            var rollout = rollouts.compute(
                    listener.name(),
                    (name, before) -> before != null && before.isOf(listener.hash())
                            ? before
                            : new Rollout(listener.hash(), before == null && standing.contains(name), now));
            confirmations.put(listener.name(), confirmation(listener, rollout, reports, nodes, now));
        }
        rollouts.keySet().retainAll(names);
        return confirmations;
    }

    /** When something changes by time alone. */
    public Optional<Duration> nextCheck() {
        return nextCheck;
    }

    private Confirmation confirmation(
            PublishedListener listener, Rollout rollout, NodeReports reports, NodePresence nodes, Instant now) {
        rollout.retain(nodes.known());
        rollout.choose(
                nodes.candidates().stream()
                        .filter(listener.audience()::includes)
                        .toList(),
                now);
        for (var node : rollout.nodes()) {
            if (reports.accepted(node, listener.key()) == listener.hash()) {
                rollout.served(node);
            }
        }
        var refusal = nodes.known().stream()
                .sorted()
                .flatMap(node -> refusal(node, listener, reports).stream())
                .findFirst();
        if (refusal.isPresent()) {
            return new Confirmation.Refused(refusal.get());
        }
        var silentAt = rollout.since().plus(SILENT);
        boolean waited = !silentAt.isAfter(now);
        if (rollout.isComplete() || rollout.isBegun() && waited || rollout.standing() && !waited) {
            return new Confirmation.Served(rollout.describe());
        }
        if (!waited) {
            var delay = Duration.between(now, silentAt);
            nextCheck =
                    nextCheck.filter(earlier -> earlier.compareTo(delay) <= 0).or(() -> Optional.of(delay));
        }
        return new Confirmation.Waiting(rollout.describe());
    }

    private static Optional<String> refusal(String node, PublishedListener listener, NodeReports reports) {
        var ofResources = Stream.concat(
                        Stream.of(Map.entry(listener.key(), listener.hash())), listener.parts().entrySet().stream())
                .flatMap(part -> reports.refusal(node, part.getKey(), part.getValue()).stream())
                .findFirst()
                .map(message -> "%s: node %s: %s".formatted(Reason.PROXY_REFUSED, node, message));
        return ofResources.or(() -> listener.redirects().stream()
                .flatMap(key -> reports.redirectRefusal(node, key).stream())
                .findFirst()
                .map(refusal -> "%s: node %s: %s".formatted(refusal.getReason(), node, refusal.getMessage())));
    }
}
