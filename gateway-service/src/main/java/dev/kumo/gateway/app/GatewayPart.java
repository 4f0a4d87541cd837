// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.plan.Condition;
import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.plan.GatewayInputs;
import dev.kumo.gateway.plan.GatewayPlan;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.plan.GatewayStatus;
import dev.kumo.gateway.plan.RouteStatus;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.ListenerItems;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.kube.service.Problem;
import dev.kumo.stream.memo.Latest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gateways, their routes and classes. Planning thread only. */
@Singleton
public final class GatewayPart implements EnvoyFeedPart {
    private final GatewayTables tables;
    private final GatewayWrites writes;
    private final ListenerItems items = new ListenerItems();
    private final Latest<GatewayInputs, GatewayDraft> drafts;

    GatewayPart(GatewayTables tables, GatewayWrites writes) {
        this.tables = tables;
        this.writes = writes;
        var planner = new GatewayPlanner();
        this.drafts = new Latest<>(inputs -> new GatewayDraft(planner.plan(inputs)));
    }

    @Override
    public Draft draft() {
        return drafts.of(new GatewayInputs(
                GatewayTables.views(tables.classes()),
                GatewayTables.views(tables.gateways()),
                GatewayTables.views(tables.routes()),
                tables.grants().rows().values(),
                tables.namespaces().rows().values(),
                tables.serviceViews(),
                tables.secrets().rows(),
                writes.refusedServices()));
    }

    @Override
    public void resign() {
        writes.cancel();
    }

    private final class GatewayDraft implements Draft {
        private final GatewayPlan plan;
        private final List<Problem> ofRoutes;

        GatewayDraft(GatewayPlan plan) {
            this.plan = plan;
            this.ofRoutes = plan.routes().stream()
                    .flatMap(route -> problems(route).stream())
                    .toList();
        }

        @Override
        public List<PublishedListener> add(EnvoyItems all) {
            return items.add(plan.listeners(), plan.clusters(), plan.certificates(), all);
        }

        @Override
        public Set<String> standing() {
            return plan.gateways().stream()
                    .filter(gateway -> isProgrammed(
                            tables.gateways().row(gateway.view().key().toString())))
                    .flatMap(gateway -> gateway.listenerNames().stream())
                    .collect(Collectors.toSet());
        }

        @Override
        public List<Problem> settle(Map<String, Confirmation> confirmations, boolean leading) {
            var statuses = plan.statuses(confirmations);
            if (leading) {
                writes.write(plan, statuses);
            }
            var problems = new ArrayList<Problem>();
            for (var status : statuses) {
                problems(status)
                        .forEach(condition -> problems.add(
                                new Problem("Gateway " + status.key(), condition.reason(), condition.message())));
            }
            problems.addAll(ofRoutes);
            return problems;
        }
    }

    private static List<Problem> problems(RouteStatus route) {
        return route.parents().stream()
                .flatMap(parent -> parent.conditions().stream())
                .filter(condition -> !condition.status())
                .distinct()
                .map(condition -> new Problem("HTTPRoute " + route.key(), condition.reason(), condition.message()))
                .toList();
    }

    /** What is wrong for longer than a change takes. */
    private static List<Condition> problems(GatewayStatus status) {
        return status.conditions().stream()
                .filter(condition -> !condition.status() && !condition.reason().equals("Pending"))
                .toList();
    }

    /** Whether the Gateway's status says so of its present spec. */
    private static boolean isProgrammed(@Nullable Observed<GatewayView> gateway) {
        return gateway != null
                && gateway.says("Programmed", gateway.view().stamp().generation());
    }
}
