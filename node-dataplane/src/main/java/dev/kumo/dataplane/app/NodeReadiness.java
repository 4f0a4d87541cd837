// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.feed.Feeds;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the node may take pods: its datapath stands, it held each feed wholly once (from a replica or from disk), and the
 * last apply succeeded. Single items that can't be made true are refused to their feed and don't count here. Any thread.
 */
final class NodeReadiness {
    private final Feeds feeds;
    private final ApplyLoop loop;
    private volatile Optional<NodeProblem> start =
            Optional.of(new NodeProblem(Reason.POOL_UNKNOWN, "this node's address and pod range are not known yet"));

    NodeReadiness(Feeds feeds, ApplyLoop loop) {
        this.feeds = feeds;
        this.loop = loop;
    }

    /** Start-up has come so far, or could not get on. */
    void starting(NodeProblem problem) {
        start = Optional.of(problem);
    }

    /** The datapath stands. */
    void started() {
        start = Optional.empty();
    }

    boolean isStarted() {
        return start.isEmpty();
    }

    /** Why the node isn't ready; empty if it is. */
    Optional<NodeProblem> problem() {
        return start.or(this::missingFeeds).or(this::failedApply);
    }

    private Optional<NodeProblem> missingFeeds() {
        var missing = feeds.incomplete();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        var names = missing.stream().map(FeedMethods::feed).collect(Collectors.joining(", "));
        return Optional.of(new NodeProblem(Reason.NOT_SYNCED, "waiting for feeds: " + names));
    }

    private Optional<NodeProblem> failedApply() {
        var whole = new TreeMap<String, String>();
        loop.failing().forEach((manager, retry) -> {
            if (retry.refusals().isEmpty()) {
                whole.put(manager, retry.message());
            }
        });
        return whole.isEmpty() ? Optional.empty() : Optional.of(new NodeProblem(Reason.KERNEL_ERROR, text(whole)));
    }

    private static String text(Map<String, String> failing) {
        return failing.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
