// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.node.FeedConnection;
import dev.kumo.stream.node.FeedCredentials;
import dev.kumo.stream.node.FeedStatus;
import dev.kumo.stream.node.FeedSubscriber;
import dev.kumo.stream.node.ReportSender;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/** The node's subscriptions to all four feeds and its reports. Any thread. */
public final class Feeds implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Feeds.class);

    private record Subscription(FeedInlet inlet, FeedSubscriber subscriber) {}

    private final Map<FeedMethods, Subscription> subscriptions = new EnumMap<>(FeedMethods.class);
    private final ReportSender policyReports;
    private final ReportSender announcementReports;
    private final ReportSender envoyReports;
    private final PolicyStates policyStates;

    /**
     * Reads what earlier runs left on disk.
     *
     * @param node this node's name
     * @param directory of the feeds' state files
     * @param gate where everything that is said goes
     */
    public Feeds(String node, ReplicaDirectory replicas, FeedCredentials credentials, Path directory, FeedGate gate) {
        policyReports = reports(FeedMethods.POLICY, node, replicas, credentials);
        policyStates = new PolicyStates(policyReports::put, policyReports::remove);
        for (var feed : FeedMethods.values()) {
            var connection = FeedConnection.of(feed, node, () -> replicas.of(feed), credentials);
            var restored = Restored.open(feed, directory);
            var inlet = new FeedInlet(feed, restored.store().isComplete(), gate::pass);
            var listener = feed == FeedMethods.POLICY ? policyStates.over(inlet) : inlet;
            subscriptions.put(
                    feed, new Subscription(inlet, new FeedSubscriber(connection, restored.store(), listener)));
        }
        announcementReports = reports(FeedMethods.ANNOUNCEMENT, node, replicas, credentials);
        envoyReports = reports(FeedMethods.ENVOY, node, replicas, credentials);
        replicas.onChange(this::replicasChanged);
    }

    /** @param changed told after each change of {@link #states} */
    public void start(Runnable changed) {
        for (var subscription : subscriptions.values()) {
            subscription.subscriber().onStatus(changed);
            subscription.subscriber().start();
        }
    }

    /** Started by whoever has put all that it knows at start. */
    public ReportSender policyReports() {
        return policyReports;
    }

    /** Likewise. */
    public ReportSender announcementReports() {
        return announcementReports;
    }

    /** As {@link #policyReports}. */
    public ReportSender envoyReports() {
        return envoyReports;
    }

    /** What replicas are told of classes and rule sets. */
    public PolicyStates policyStates() {
        return policyStates;
    }

    /** By feed, in the enum's order. */
    public List<FeedStatus> states() {
        return subscriptions.values().stream()
                .map(subscription -> subscription.subscriber().status())
                .toList();
    }

    public FeedStatus state(FeedMethods feed) {
        return Objects.requireNonNull(subscriptions.get(feed)).subscriber().status();
    }

    /** As {@link FeedInlet#changes}. */
    public long changes(FeedMethods feed) {
        return Objects.requireNonNull(subscriptions.get(feed)).inlet().changes();
    }

    /** Feeds that the node never held wholly, from a replica or from disk. */
    public List<FeedMethods> incomplete() {
        return subscriptions.values().stream()
                .map(Subscription::inlet)
                .filter(inlet -> !inlet.isComplete())
                .map(FeedInlet::feed)
                .toList();
    }

    /** Takes state older than what was applied, until the feed is next in sync. */
    public void acceptOlder(FeedMethods feed) {
        Objects.requireNonNull(subscriptions.get(feed)).subscriber().acceptOlder();
    }

    @Override
    public void close() {
        var closing = new ArrayList<AutoCloseable>();
        closing.add(policyReports);
        closing.add(announcementReports);
        closing.add(envoyReports);
        subscriptions.values().forEach(subscription -> closing.add(subscription.subscriber()));
        for (var each : closing) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("a feed did not close", e);
            }
        }
    }

    private static ReportSender reports(
            FeedMethods feed, String node, ReplicaDirectory replicas, FeedCredentials credentials) {
        return new ReportSender(FeedConnection.of(feed, node, () -> replicas.of(feed), credentials), Feeds::refused);
    }

    private void replicasChanged() {
        policyReports.replicasChanged();
        announcementReports.replicasChanged();
        envoyReports.replicasChanged();
        subscriptions.values().forEach(subscription -> subscription.subscriber().replicasChanged());
    }

    private static void refused(InetSocketAddress replica, ItemRefusal refusal) {
        LOG.warnf(
                "replica=%s refused report=%s reason=%s: %s",
                replica, refusal.key(), refusal.reason(), refusal.message());
    }
}
