// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.plan.IngressDefaults;
import dev.kumo.gateway.plan.IngressInputs;
import dev.kumo.gateway.plan.IngressPlan;
import dev.kumo.gateway.plan.IngressPlanner;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.ListenerItems;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.kube.service.ControlConfig;
import dev.kumo.kube.service.Problem;
import dev.kumo.stream.memo.Latest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ingresses of our class. Planning thread only. */
@Singleton
public final class IngressPart implements EnvoyFeedPart {
    private final GatewayTables tables;
    private final IngressWrites writes;
    private final IngressDefaults defaults;
    private final String namespace;
    private final ListenerItems items = new ListenerItems();
    private final Latest<IngressInputs, IngressDraft> drafts;

    IngressPart(GatewayTables tables, IngressWrites writes, GatewayConfig config, ControlConfig control) {
        this.tables = tables;
        this.writes = writes;
        this.defaults = GatewayConfig.ingressDefaults(config);
        this.namespace = control.namespace();
        var planner = new IngressPlanner();
        this.drafts = new Latest<>(inputs -> new IngressDraft(planner.plan(inputs)));
    }

    @Override
    public Draft draft() {
        return drafts.of(new IngressInputs(
                tables.ingressClasses().rows().values(),
                GatewayTables.views(tables.ingresses()),
                tables.serviceViews(),
                tables.secrets().rows(),
                defaults,
                namespace,
                writes.refusedServices()));
    }

    @Override
    public void resign() {
        writes.cancel();
    }

    private final class IngressDraft implements Draft {
        private final IngressPlan plan;

        IngressDraft(IngressPlan plan) {
            this.plan = plan;
        }

        @Override
        public List<PublishedListener> add(EnvoyItems all) {
            return items.add(plan.listeners(), plan.clusters(), plan.certificates(), all);
        }

        /** An Ingress says nothing of nodes. */
        @Override
        public Set<String> standing() {
            return Set.of();
        }

        @Override
        public List<Problem> settle(Map<String, Confirmation> confirmations, boolean leading) {
            var told = plan.told(confirmations);
            if (leading) {
                writes.write(plan, told);
            }
            return told.entrySet().stream()
                    .flatMap(entry -> entry.getValue().stream()
                            .map(problem ->
                                    new Problem("Ingress " + entry.getKey(), problem.reason(), problem.message())))
                    .toList();
        }
    }
}
