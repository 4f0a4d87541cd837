// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One Envoy's ADS stream. Additions go out in the order of {@link ResourceType}, each type once the types before it are
 * acknowledged; removals in reverse, each type once the types after it are settled. One response a type is outstanding. On
 * the ADS thread only.
 */
final class AdsStream {
    /** How responses leave. */
    interface Transport {
        boolean isReady();

        void send(DeltaDiscoveryResponse response);
    }

    /** Told how Envoy took what it was sent. */
    interface Answers {
        void accepted(ResourceName name);

        void refused(ResourceName name, String message);

        /** Clusters were taken and wait for their endpoints; {@link #giveUpOnEndpoints} ends the wait. */
        void waitsForEndpoints();
    }

    private final ResourceTable table;
    private final Transport transport;
    private final Answers answers;
    private final Map<ResourceType, TypeSubscription> types = new EnumMap<>(ResourceType.class);
    private final Set<String> awaitedEndpoints = new HashSet<>();
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
        if (name.type() == ResourceType.ENDPOINTS && table.get(name.type(), name.name()) == null) {
            awaitedEndpoints.remove(name.name());
        }
    }

    /** What refers to the clusters goes out though Envoy has not asked for their endpoints. */
    void giveUpOnEndpoints() {
        awaitedEndpoints.clear();
        flush();
    }

    void flush() {
        for (var type : ResourceType.values()) {
            var subscription = sendable(type);
            if (subscription != null && subscription.hasAdditions() && mayAdd(type)) {
                transport.send(subscription.nextAdditions(nextNonce()));
            }
        }
        for (var type : List.of(ResourceType.values()).reversed()) {
            var subscription = sendable(type);
            if (subscription != null && subscription.hasRemovals() && mayRemove(type)) {
                transport.send(subscription.nextRemovals(nextNonce()));
            }
        }
    }

    private void answered(ResourceType type, TypeSubscription.Answer answer, DeltaDiscoveryRequest request) {
        if (!request.hasErrorDetail()) {
            answer.additions().forEach(name -> answers.accepted(new ResourceName(type, name)));
            settled(type, answer.additions());
        } else if (answer.additions().size() == 1) {
            answers.refused(
                    new ResourceName(type, answer.additions().getFirst()),
                    request.getErrorDetail().getMessage());
            if (type == ResourceType.ENDPOINTS) {
                answer.additions().forEach(awaitedEndpoints::remove);
            }
        }
    }

    /**
     * A cluster that is new or changed warms up until it gets endpoints, also those that Envoy holds already; until then
     * routes to it fail. So they are sent (again), and what comes after waits for them.
     */
    private void settled(ResourceType type, List<String> accepted) {
        if (type == ResourceType.ENDPOINTS) {
            accepted.forEach(awaitedEndpoints::remove);
        }
        if (type != ResourceType.CLUSTER) {
            return;
        }
        var before = awaitedEndpoints.isEmpty();
        for (var name : accepted) {
            var cluster = table.get(type, name);
            if (cluster != null && table.get(ResourceType.ENDPOINTS, cluster.endpoints()) != null) {
                awaitedEndpoints.add(cluster.endpoints());
                var endpoints = types.get(ResourceType.ENDPOINTS);
                if (endpoints != null) {
                    endpoints.sendAgain(cluster.endpoints());
                }
            }
        }
        if (before && !awaitedEndpoints.isEmpty()) {
            answers.waitsForEndpoints();
        }
    }

    private @Nullable TypeSubscription sendable(ResourceType type) {
        var subscription = types.get(type);
        return subscription == null || subscription.isWaiting() || !transport.isReady() ? null : subscription;
    }

    private boolean mayAdd(ResourceType type) {
        for (var earlier : types.entrySet()) {
            if (earlier.getKey().compareTo(type) < 0
                    && (earlier.getValue().hasAdditions() || earlier.getValue().isWaiting())) {
                return false;
            }
        }
        return type.compareTo(ResourceType.ENDPOINTS) <= 0 || awaitedEndpoints.isEmpty();
    }

    private boolean mayRemove(ResourceType type) {
        return types.entrySet().stream()
                .filter(later -> later.getKey().compareTo(type) > 0)
                .allMatch(later -> later.getValue().isQuiet());
    }

    private String nextNonce() {
        return Long.toString(++nonces);
    }
}
