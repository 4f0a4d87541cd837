// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import dev.kumo.dataplane.envoy.AdsStream.Answers;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The streams of all connected Envoys over one table. State is touched on the ADS thread only; getters on any. */
final class AdsService extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    private static final Logger LOG = Logger.getLogger(AdsService.class);

    /** A referrer waits this long for its referent, then goes out without. */
    private static final int WARM_UP_SECONDS = 2;

    private final ScheduledExecutorService thread;
    private final Runnable changed;
    private final ResourceTable table = new ResourceTable();
    private final SequencedMap<Connection, AdsStream> streams = new LinkedHashMap<>();
    private final SortedMap<ResourceName, String> refused = new TreeMap<>();
    private final Map<ResourceName, String> refusedVersions = new HashMap<>();
    /** Read by other threads. */
    private final Map<ResourceName, String> held = new ConcurrentHashMap<>();

    private final AtomicLong responses = new AtomicLong();
    private final AtomicLong refusalCount = new AtomicLong();
    private volatile boolean published;
    private volatile int resources;
    private volatile List<ConnectedEnvoy> envoys = List.of();
    private volatile Refusals refusals = new Refusals(new TreeMap<>(), Map.of());

    /** @param versions of the contents that were refused */
    private record Refusals(SortedMap<ResourceName, String> messages, Map<ResourceName, String> versions) {}

    AdsService(ScheduledExecutorService thread, Runnable changed) {
        this.thread = thread;
        this.changed = changed;
    }

    List<ConnectedEnvoy> envoys() {
        return envoys;
    }

    SortedMap<ResourceName, String> refusals() {
        return refusals.messages();
    }

    Optional<String> refusal(ResourceName name, String version) {
        var all = refusals;
        return version.equals(all.versions().get(name))
                ? Optional.ofNullable(all.messages().get(name))
                : Optional.empty();
    }

    /** The version that every connected Envoy goes by; null if there is none. */
    @Nullable
    String held(ResourceName name) {
        return held.get(name);
    }

    int resources() {
        return resources;
    }

    long responses() {
        return responses.get();
    }

    long refusalCount() {
        return refusalCount.get();
    }

    /** On the ADS thread. */
    void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes) {
        var touched = new ArrayList<ResourceName>();
        for (var name : removes) {
            if (table.remove(name)) {
                touched.add(name);
                held.remove(name);
                forgive(name);
            }
        }
        for (var resource : upserts) {
            if (table.put(resource)) {
                touched.add(resource.name());
            }
        }
        resources = table.size();
        var firstTime = !published;
        published = true;
        for (var entry : List.copyOf(streams.entrySet())) {
            if (firstTime) {
                entry.getKey().replayHeldBack();
            }
            touched.forEach(entry.getValue()::changed);
            entry.getValue().flush();
        }
        succeed();
        tell();
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responseObserver) {
        return new Connection((ServerCallStreamObserver<DeltaDiscoveryResponse>) responseObserver);
    }

    private boolean forgive(ResourceName name) {
        refusedVersions.remove(name);
        return refused.remove(name) != null;
    }

    /**
     * Of two generations the earlier one is retired once the later has every listener with its routes, and reinstated if that
     * one goes. It is the last to connect that counts as the later.
     */
    private void succeed() {
        var latest = streams.lastEntry();
        if (latest == null || !published) {
            return;
        }
        if (latest.getValue().isRetired()) {
            latest.getValue().reinstate();
        }
        if (streams.size() > 1 && hasListeners(latest.getValue())) {
            streams.forEach((connection, stream) -> {
                if (stream != latest.getValue() && !stream.isRetired()) {
                    LOG.infof(
                            "ads: Envoy %s of node %s is succeeded",
                            connection.envoy.version(), connection.envoy.node());
                    stream.retire();
                }
            });
            judgeAll();
        }
    }

    private boolean hasListeners(AdsStream stream) {
        return Stream.of(ResourceType.LISTENER, ResourceType.ROUTES)
                .allMatch(type -> table.of(type).entrySet().stream().allMatch(entry -> {
                    var name = new ResourceName(type, entry.getKey());
                    var version = entry.getValue().version();
                    return version.equals(stream.held(name)) || version.equals(refusedVersions.get(name));
                }));
    }

    /** Looks anew at which version all Envoys hold. */
    private void judge(ResourceName name) {
        var versions = streams.values().stream()
                .filter(stream -> !stream.isRetired())
                .map(stream -> Optional.ofNullable(stream.held(name)))
                .distinct()
                .toList();
        if (versions.size() == 1 && versions.getFirst().isPresent()) {
            held.put(name, versions.getFirst().get());
        } else {
            held.remove(name);
        }
    }

    /** As {@link #judge}, when an Envoy came or went. */
    private void judgeAll() {
        for (var type : ResourceType.values()) {
            table.of(type).keySet().forEach(name -> judge(new ResourceName(type, name)));
        }
    }

    private void tell() {
        refusals = new Refusals(new TreeMap<>(refused), Map.copyOf(refusedVersions));
        envoys = streams.keySet().stream().map(connection -> connection.envoy).toList();
        changed.run();
    }

    /** Runs the step on the ADS thread; one that fails is a bug, which must not pass unseen. */
    void run(Runnable step) {
        try {
            thread.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    LOG.error("ads: failed", e);
                }
            });
        } catch (RejectedExecutionException _) {
            LOG.debug("ads: came after the server had stopped");
        }
    }

    /** One stream: carries its events to the ADS thread. */
    private final class Connection implements StreamObserver<DeltaDiscoveryRequest>, AdsStream.Transport, Answers {
        private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;
        private final List<DeltaDiscoveryRequest> heldBack = new ArrayList<>();
        private final AdsStream stream = new AdsStream(table, this, this);
        private ConnectedEnvoy envoy = new ConnectedEnvoy("", "", Instant.EPOCH);

        Connection(ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
            this.out = out;
            out.setOnReadyHandler(() -> run(() -> {
                if (published) {
                    stream.flush();
                }
            }));
            out.setOnCancelHandler(() -> run(this::ended));
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            run(() -> {
                if (!streams.containsKey(this)) {
                    envoy = ConnectedEnvoy.of(request.getNode(), Instant.now());
                    streams.put(this, stream);
                    LOG.infof("ads: Envoy %s of node %s connected", envoy.version(), envoy.node());
                    judgeAll();
                    tell();
                }
                if (published) {
                    take(request);
                } else {
                    heldBack.add(request);
                }
            });
        }

        /** An Envoy that outlived the dataplane holds live configuration: nothing is told before it is known. */
        void replayHeldBack() {
            heldBack.forEach(this::take);
            heldBack.clear();
        }

        private void take(DeltaDiscoveryRequest request) {
            var type = ResourceType.of(request.getTypeUrl());
            if (type.isEmpty()) {
                LOG.warnf("ads: Envoy asks for %s, which is never served", request.getTypeUrl());
                return;
            }
            stream.request(type.get(), request);
            if (!request.getInitialResourceVersionsMap().isEmpty()) {
                judgeAll();
                tell();
            }
        }

        @Override
        public void onError(Throwable failure) {
            run(this::ended);
        }

        @Override
        public void onCompleted() {
            run(() -> {
                ended();
                out.onCompleted();
            });
        }

        private void ended() {
            if (streams.remove(this) != null) {
                LOG.infof("ads: Envoy %s of node %s is gone", envoy.version(), envoy.node());
                succeed();
                judgeAll();
                tell();
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady() && !out.isCancelled();
        }

        @Override
        public void send(DeltaDiscoveryResponse response) {
            responses.incrementAndGet();
            out.onNext(response);
        }

        @Override
        public void accepted(ResourceName name) {
            forgive(name);
            judge(name);
            succeed();
            tell();
        }

        @Override
        public void refused(ResourceName name, String version, String message) {
            refusalCount.incrementAndGet();
            LOG.warnf("ads: Envoy refuses %s: %s", name, message);
            refused.put(name, message);
            refusedVersions.put(name, version);
            tell();
        }

        @Override
        public void clustersSent(String nonce) {
            thread.schedule(() -> run(() -> stream.giveUpOn(nonce)), WARM_UP_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void unanswered(List<String> clusters) {
            LOG.warnf("ads: Envoy has not answered in %d s; clusters that may be cold: %s", WARM_UP_SECONDS, clusters);
        }
    }
}
