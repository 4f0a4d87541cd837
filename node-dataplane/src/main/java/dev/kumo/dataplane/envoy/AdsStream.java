// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Envoy's ADS stream. Listeners and routes go out once the clusters and endpoints before them are acknowledged; removals
 * go from referrers to referents. One response a type is outstanding. On the ADS thread only.
 *
 * <p>Envoy (1.40, cluster_manager_impl.cc) acknowledges clusters only when the last of them has warmed up, which takes their
 * endpoints and secrets: so these wait for nothing, and an acknowledged cluster can serve. It keeps a refusal to itself just
 * as long; a cluster that is refused late (a Maglev table size that isn't prime) stays in its warming set for good, so that
 * nothing about clusters is heard until that one is replaced or removed.
 */
final class AdsStream {
    /** From referrers to referents. */
    private static final List<ResourceType> REMOVALS = List.of(
            ResourceType.ROUTES,
            ResourceType.LISTENER,
            ResourceType.SECRET,
            ResourceType.CLUSTER,
            ResourceType.ENDPOINTS);

    /** How responses leave. */
    interface Transport {
        boolean isReady();

        void send(DeltaDiscoveryResponse response);
    }

    /** Told how Envoy took what it was sent. */
    interface Answers {
        void accepted(ResourceName name);

        void refused(ResourceName name, String version, String message);

        /** Something about clusters has been sent; {@link #giveUpOn} with this nonce ends the wait of what refers to them. */
        void clustersSent(String nonce);

        /** These clusters have not been answered for in time. */
        void unanswered(List<String> clusters);
    }

    private final ResourceTable table;
    private final Transport transport;
    private final Answers answers;
    private final Map<ResourceType, TypeSubscription> types = new EnumMap<>(ResourceType.class);
    private boolean retired;
    private long nonces;

    AdsStream(ResourceTable table, Transport transport, Answers answers) {
        this.table = table;
        this.transport = transport;
        this.answers = answers;
    }

    void request(ResourceType type, DeltaDiscoveryRequest request) {
        var subscription = types.computeIfAbsent(type, _ -> new TypeSubscription(type, table));
        var answer = subscription.answered(request);
        if (answer != null) {
            answered(type, answer, request);
        }
        subscription.subscribe(request);
        flush();
    }

    /** The resource has come, changed or gone; {@link #flush} sends it. */
    void changed(ResourceName name) {
        var subscription = types.get(name.type());
        if (subscription != null) {
            subscription.changed(name.name());
        }
    }

    boolean isRetired() {
        return retired;
    }

    /** A later Envoy has the listeners: this one closes its own, and its connections end with their next answer. */
    void retire() {
        retired = true;
        listeners().withhold();
        flush();
    }

    /** There is no later Envoy any more. */
    void reinstate() {
        retired = false;
        listeners().restore();
        flush();
    }

    private TypeSubscription listeners() {
        return types.computeIfAbsent(ResourceType.LISTENER, type -> new TypeSubscription(type, table));
    }

    /** Clusters that are still unanswered hold nothing back any more. */
    void giveUpOn(String nonce) {
        var clusters = types.get(ResourceType.CLUSTER);
        var cold = clusters == null ? null : clusters.giveUpOn(nonce);
        if (cold != null) {
            answers.unanswered(cold);
            flush();
        }
    }

    /** The version that Envoy has acknowledged last and goes by; null if it holds none. */
    @Nullable
    String held(ResourceName name) {
        var subscription = types.get(name.type());
        return subscription == null ? null : subscription.held(name.name());
    }

    void flush() {
        for (var type : ResourceType.values()) {
            var subscription = sendable(type);
            if (subscription != null && subscription.hasAdditions() && mayAdd(type)) {
                send(type, subscription.nextAdditions(nextNonce()));
            }
        }
        for (var type : REMOVALS) {
            var subscription = sendable(type);
            if (subscription != null && subscription.hasRemovals() && mayRemove(type)) {
                send(type, subscription.nextRemovals(nextNonce()));
            }
        }
    }

    private void send(ResourceType type, DeltaDiscoveryResponse response) {
        transport.send(response);
        if (type == ResourceType.CLUSTER) {
            warm(response);
            answers.clustersSent(response.getNonce());
        }
    }

    private void answered(ResourceType type, TypeSubscription.Answer answer, DeltaDiscoveryRequest request) {
        if (!request.hasErrorDetail()) {
            answer.additions().forEach(name -> answers.accepted(new ResourceName(type, name)));
        } else if (answer.additions().size() == 1) {
            answers.refused(
                    new ResourceName(type, answer.additions().getFirst()),
                    answer.versions().getFirst(),
                    request.getErrorDetail().getMessage());
        }
    }

    /** A changed cluster warms up anew and needs its endpoints again, though Envoy holds them and does not ask. */
    private void warm(DeltaDiscoveryResponse clusters) {
        var endpoints = types.get(ResourceType.ENDPOINTS);
        if (endpoints == null) {
            return;
        }
        for (var resource : clusters.getResourcesList()) {
            var cluster = table.get(ResourceType.CLUSTER, resource.getName());
            if (cluster != null && !cluster.endpoints().isEmpty()) {
                endpoints.sendAgain(cluster.endpoints());
            }
        }
    }

    private @Nullable TypeSubscription sendable(ResourceType type) {
        var subscription = types.get(type);
        return subscription == null || subscription.isWaiting() || !transport.isReady() ? null : subscription;
    }

    private boolean mayAdd(ResourceType type) {
        return type.compareTo(ResourceType.LISTENER) < 0
                || types.entrySet().stream()
                        .filter(earlier -> earlier.getKey().compareTo(type) < 0)
                        .noneMatch(earlier -> earlier.getValue().holdsBackReferrers());
    }

    private boolean mayRemove(ResourceType type) {
        return REMOVALS.subList(0, REMOVALS.indexOf(type)).stream()
                .map(types::get)
                .allMatch(earlier -> earlier == null || earlier.isQuiet());
    }

    private String nextNonce() {
        return Long.toString(++nonces);
    }
}
