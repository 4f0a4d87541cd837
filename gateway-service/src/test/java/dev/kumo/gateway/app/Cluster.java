// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.gateway.publish.NodeReports;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.ObjectName;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.service.ControlConfig;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** An API server, three nodes that report, and one leading replica of the service without its server. */
final class Cluster implements AutoCloseable {
    static final String CLASSES = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";
    static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/gateways";
    static final String ROUTES = "/apis/gateway.networking.k8s.io/v1/httproutes";
    static final String INGRESSES = "/apis/networking.k8s.io/v1/ingresses";
    static final String INGRESS_CLASSES = "/apis/networking.k8s.io/v1/ingressclasses";
    static final String SERVICES = "/api/v1/services";
    static final String EVENTS = "/api/v1/events";
    static final String SECRETS = "/api/v1/secrets";
    private static final String GRANTS = "/apis/gateway.networking.k8s.io/v1/referencegrants";
    private static final String NODES = "/api/v1/nodes";

    final ApiServer api;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final KubernetesClient client;
    private final TableSet tables;
    private final LeaderGate leader;
    private final FeedState state = FeedState.empty();
    private final StatusUpdates statuses;
    private final ServiceWriter services;
    private final ClassWriter classes;
    private final IngressEvents events;
    private final SecretTables secrets;
    private final Map<String, Object> streams = new HashMap<>();
    private volatile StateSnapshot served = StateSnapshot.empty();

    static {
        // However busy the machine is.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    Cluster(Map<String, String> settings) throws IOException {
        api = new ApiServer(
                INGRESSES,
                INGRESS_CLASSES,
                SERVICES,
                EVENTS,
                SECRETS,
                NODES,
                "/api/v1/namespaces",
                "/apis/coordination.k8s.io/v1/leases");
        for (var node : List.of("w1", "w2", "w3")) {
            api.put(NODES, """
                    apiVersion: v1
                    kind: Node
                    metadata: {name: %s}
                    status: {conditions: [{type: Ready, status: "True"}]}
                    """.formatted(node));
            streams.put(node, new Object());
            state.reports().opened(node, streams.get(node));
            state.reports().inSync(node, streams.get(node), Set.of());
        }
        client = api.client();
        tables = new TableSet("envoy", client);
        leader = new LeaderGate(client, new ObjectName("kumo-system", "gateway-service"), "replica");
        var clock = Clock.systemUTC();
        var config = new SmallRyeConfigBuilder()
                .withMapping(GatewayConfig.class)
                .withMapping(ControlConfig.class)
                .withDefaultValues(Map.of("kumo.api-servers", "https://127.0.0.1:1", "kumo.pod-name", "replica"))
                .withDefaultValues(settings)
                .build();
        var own = config.getConfigMapping(GatewayConfig.class);
        statuses = new StatusUpdates(client, leader, tables, clock, metrics);
        services = new ServiceWriter(client, leader, tables, clock, metrics);
        classes = new ClassWriter(client, own, metrics);
        events = new IngressEvents(client, clock, metrics);
        secrets = new SecretTables(client, tables);
        var all = new GatewayTables(tables, secrets);
        var feed = new EnvoyFeed(
                all,
                List.of(
                        new GatewayPart(all, new GatewayWrites(all, statuses, services, classes)),
                        new IngressPart(
                                all,
                                new IngressWrites(all, statuses, services, classes, events),
                                own,
                                config.getConfigMapping(ControlConfig.class))),
                state,
                leader,
                new ProblemLog(metrics),
                clock);
        state.reports().onChange(tables::signal);
        leader.onChange(tables::signal);
        leader.start();
        tables.start(() -> feed.plan().ifPresent(snapshot -> served = snapshot));
        tables.signal();
        await().until(leader::leading);
    }

    void installGatewayApi() {
        List.of(CLASSES, GATEWAYS, ROUTES, GRANTS).forEach(api::install);
    }

    /** Until the object is as it should be. */
    JsonNode awaitObject(String collection, String key, Predicate<JsonNode> good) {
        await().untilAsserted(() -> {
            var found = api.get(collection, key);
            if (!good.test(found)) {
                throw new AssertionError("%s: %s".formatted(key, found));
            }
        });
        return api.get(collection, key);
    }

    /** Until the feed has an item of this key. */
    StateItem awaitItem(String table, String key) {
        var name = new ItemKey(table, key);
        await().until(() -> served.items().containsKey(name));
        return served.items().get(name);
    }

    /** What the feed has now. */
    SortedMap<ItemKey, StateItem> items() {
        return served.items();
    }

    void awaitNoItem(String table, String key) {
        await().until(() -> !served.items().containsKey(new ItemKey(table, key)));
    }

    /** The node's Envoy goes by this item, or refuses it. */
    void report(String node, StateItem item, String refusal) {
        var message = ResourceState.newBuilder().setNode(node).setKey(item.key().key());
        if (refusal.isEmpty()) {
            message.setAccepted(item.hash());
        } else {
            message.setRefused(item.hash()).setMessage(refusal);
        }
        var report = StateItem.of(
                NodeReports.RESOURCE_STATES, node + "/" + item.key().key(), message.build());
        state.reports().changed(node, streams.get(node), List.of(report), List.of());
    }

    @Override
    public void close() throws InterruptedException {
        leader.close();
        tables.close();
        statuses.close();
        services.close();
        classes.close();
        events.close();
        secrets.close();
        client.close();
        api.close();
    }
}
