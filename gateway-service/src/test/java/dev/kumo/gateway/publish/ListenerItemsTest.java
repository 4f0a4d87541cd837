// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.gateway.ManyRoutes;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.stream.StateDelta;
import dev.kumo.stream.StateSnapshot;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a change makes anew: of a thousand routes, each with a cluster, as much as has changed. */
class ListenerItemsTest {
    private static final String CLUSTER = "envoy.config.cluster.v3.Cluster|shop/service-%d:80";
    private static final String TABLE = "envoy.config.route.v3.RouteConfiguration|shop/cilium-gateway-web/80";
    private static final int ROUTES = 1000;

    private final ManyRoutes cluster = new ManyRoutes(ROUTES);
    private final ListenerItems items = new ListenerItems();
    private final EnvoyItems.Known known = new EnvoyItems.Known();
    private StateSnapshot last = StateSnapshot.empty();

    @Test
    void nothingIsMadeTwice() {
        publish();
        assertThat(items.routesMade()).isEqualTo(ROUTES);
        // A listener, its table and its redirect.
        assertThat(known.made()).isEqualTo(ROUTES + 3);

        var before = last;
        publish();
        assertThat(items.routesMade()).isEqualTo(ROUTES);
        assertThat(known.made()).isEqualTo(ROUTES + 3);
        last.items()
                .forEach((key, item) -> assertThat(item).isSameAs(before.items().get(key)));
    }

    @Test
    void ofOneRoutesChangeOneRouteAndItsTableAreMade() {
        publish();
        cluster.changePath(7, "/changed");
        assertThat(publish().keys()).extracting(key -> key.key()).containsExactly(TABLE);
        assertThat(items.routesMade()).isEqualTo(ROUTES + 1);
        assertThat(known.made()).isEqualTo(ROUTES + 4);

        cluster.changePath(8, "/changed");
        publish();
        assertThat(items.routesMade()).as("after a table that had changed").isEqualTo(ROUTES + 2);
    }

    @Test
    void ofOneRouteMoreItAndItsClusterAreMade() {
        publish();
        cluster.add();
        assertThat(publish().keys()).extracting(key -> key.key()).containsExactly(CLUSTER.formatted(ROUTES), TABLE);
        assertThat(items.routesMade()).isEqualTo(ROUTES + 1);
        assertThat(known.made()).isEqualTo(ROUTES + 5);
    }

    @Test
    void whatIsGoneIsForgottenAndMadeAnew() {
        publish();
        cluster.remove();
        publish();
        cluster.add();
        publish();
        assertThat(items.routesMade()).isEqualTo(ROUTES + 1);
    }

    private StateDelta publish() {
        var plan = new GatewayPlanner().plan(cluster.inputs());
        var all = new EnvoyItems(known);
        items.add(plan.listeners(), plan.clusters(), plan.certificates(), all);
        all.endPlan();
        var next = all.snapshot(new TreeMap<>());
        var delta = StateDelta.between(last, next);
        last = next;
        return delta;
    }
}
