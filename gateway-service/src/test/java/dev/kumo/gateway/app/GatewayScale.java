// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import static org.awaitility.Awaitility.await;

import dev.kumo.gateway.ManyRoutes;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.ListenerItems;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.testkit.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Measures the gateway service with many routes: planning alone, and one replica with the tests' API server, on loopback.
 * {@code --attached N --standing N --rounds N}
 */
public final class GatewayScale {
    private static final ItemKey TABLE =
            new ItemKey("resources", "envoy.config.route.v3.RouteConfiguration|shop/cilium-gateway-web/80");

    private GatewayScale() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(5));
        int attached = Samples.option(arguments, "--attached", 1000);
        int standing = Samples.option(arguments, "--standing", 5000);
        int rounds = Samples.option(arguments, "--rounds", 40);
        planning(standing, rounds);
        attach(attached);
        changes(standing, rounds);
        Samples.note("The API server is the tests' own, in the same process; nodes are reports without a connection.");
        Samples.note(
                "The gateway service doesn't watch endpoints: a change of them costs it nothing (lbipam-scale has it).");
        // Threads of the Kubernetes client's Vert.x outlive the client.
        System.exit(0);
    }

    /** Planner, translation and snapshot, without tables and statuses. */
    private static void planning(int standing, int rounds) {
        double before = Samples.heapInUse();
        var cluster = new ManyRoutes(standing);
        var plans = new Pipeline();
        var metric = "plan and translate, %,d routes".formatted(standing);
        for (int i = 0; i < rounds / 4; i++) {
            var fresh = new Pipeline();
            Samples.sample(metric, "ms", "all", Samples.millis(() -> fresh.publish(cluster)));
        }
        plans.publish(cluster);
        for (int i = 0; i < rounds; i++) {
            cluster.add();
            Samples.sample(metric, "ms", "one route more", Samples.millis(() -> plans.publish(cluster)));
            cluster.remove();
            Samples.sample(metric, "ms", "one route less", Samples.millis(() -> plans.publish(cluster)));
            cluster.changePath(i, "/round-" + i);
            Samples.sample(metric, "ms", "one route changed", Samples.millis(() -> plans.publish(cluster)));
        }
        Samples.sample("heap, %,d routes".formatted(standing), "MB", "plan", Samples.heapInUse() - before);
        plans.publish(cluster);
    }

    private static final class Pipeline {
        private final GatewayPlanner planner = new GatewayPlanner();
        private final ListenerItems items = new ListenerItems();
        private final EnvoyItems.Known known = new EnvoyItems.Known();
        private StateSnapshot last = StateSnapshot.empty();

        void publish(ManyRoutes cluster) {
            var plan = planner.plan(cluster.inputs());
            var all = new EnvoyItems(known);
            items.add(plan.listeners(), plan.clusters(), plan.certificates(), all);
            all.endPlan();
            last = all.snapshot(new TreeMap<>());
        }
    }

    /** Routes that come one after the other, as fast as the API server takes them, and go again. */
    private static void attach(int number) throws IOException, InterruptedException {
        try (var cluster = new Cluster(Map.of())) {
            gateway(cluster, number);
            int gateways = cluster.api.statusWrites(Cluster.GATEWAYS);
            int routes = cluster.api.statusWrites(Cluster.ROUTES);
            long begun = System.nanoTime();
            for (int i = 0; i < number; i++) {
                cluster.api.put(Cluster.ROUTES, route(i, 0));
            }
            exact(cluster, number, "attachedRoutes exact after the last of %,d routes".formatted(number), "attached");
            await().pollInterval(Duration.ofMillis(50))
                    .until(() -> cluster.api.statusWrites(Cluster.ROUTES) - routes >= number);
            Samples.sample(
                    "%,d routes: attached, all statuses written".formatted(number),
                    "s",
                    "time",
                    (System.nanoTime() - begun) / 1e9);
            var writes = "status writes, %,d routes".formatted(number);
            Samples.sample(
                    writes, "writes", "Gateway, attached", cluster.api.statusWrites(Cluster.GATEWAYS) - gateways);
            Samples.sample(writes, "writes", "HTTPRoutes, attached", cluster.api.statusWrites(Cluster.ROUTES) - routes);
            gateways = cluster.api.statusWrites(Cluster.GATEWAYS);
            for (int i = 0; i < number; i++) {
                cluster.api.delete(Cluster.ROUTES, "shop/route-" + i);
            }
            exact(cluster, 0, "attachedRoutes exact after the last of %,d routes".formatted(number), "removed");
            Samples.sample(writes, "writes", "Gateway, removed", cluster.api.statusWrites(Cluster.GATEWAYS) - gateways);
        }
    }

    private static void exact(Cluster cluster, int number, String metric, String subject) {
        long last = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> cluster.api
                                .get(Cluster.GATEWAYS, "shop/web")
                                .at("/status/listeners/0/attachedRoutes")
                                .asInt()
                        == number);
        Samples.sample(metric, "ms", subject, (System.nanoTime() - last) / 1e6);
    }

    /** From the write of one object to the feed's snapshot that has it, with many standing. */
    private static void changes(int standing, int rounds) throws IOException, InterruptedException {
        try (var cluster = new Cluster(Map.of())) {
            gateway(cluster, standing);
            for (int i = 0; i < standing; i++) {
                cluster.api.put(Cluster.ROUTES, route(i, 0));
            }
            await().pollInterval(Duration.ofMillis(100))
                    .until(() -> cluster.api.statusWrites(Cluster.ROUTES) >= standing);
            Thread.sleep(2000);
            var metric = "route changed to snapshot, %,d standing".formatted(standing);
            var times = new ArrayList<Double>();
            for (int i = 1; i <= rounds; i++) {
                var before = cluster.awaitItem(TABLE.table(), TABLE.key());
                int round = i;
                times.add(Samples.millis(() -> {
                    cluster.api.put(Cluster.ROUTES, route(7, round));
                    while (cluster.items().get(TABLE) == before) {
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
                    }
                }));
                Thread.sleep(300);
            }
            Samples.percentiles(metric, "ms", "", times);
            Samples.sample("heap, %,d routes".formatted(standing), "MB", "replica and API server", Samples.heapInUse());
        }
    }

    private static void gateway(Cluster cluster, int services) {
        cluster.installGatewayApi();
        cluster.awaitObject(Cluster.CLASSES, "cilium", found -> found.has("status"));
        for (int i = 0; i < services; i++) {
            cluster.api.put(Cluster.SERVICES, """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: service-%d, namespace: shop}
                    spec: {type: ClusterIP, ports: [{port: 80, protocol: TCP}]}
                    """.formatted(i));
        }
        cluster.api.put(Cluster.GATEWAYS, """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: web, namespace: shop, uid: g1, generation: 1}
                spec:
                  gatewayClassName: cilium
                  listeners: [{name: http, protocol: HTTP, port: 80}]
                """);
        cluster.awaitItem("redirects", "shop/cilium-gateway-web/TCP/80");
    }

    /** @param round makes it differ */
    private static String route(int number, int round) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: route-%1$d, namespace: shop, uid: r-%1$d, generation: %2$d}
                spec:
                  parentRefs: [{name: web}]
                  hostnames: [host-%1$d.example.com]
                  rules: [{matches: [{path: {value: /round-%2$d}}], backendRefs: [{name: service-%1$d, port: 80}]}]
                """.formatted(number, round);
    }
}
