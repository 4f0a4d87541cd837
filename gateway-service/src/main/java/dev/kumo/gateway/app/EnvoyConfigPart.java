// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.StatusUpdates.Target;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigConditions;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigInputs;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigPlanner;
import dev.kumo.gateway.envoyconfig.plan.FrontendKey;
import dev.kumo.gateway.envoyconfig.plan.PlannedEnvoyConfig;
import dev.kumo.gateway.envoyconfig.plan.Progress;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigRow;
import dev.kumo.gateway.model.NodeView;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.Condition;
import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.publish.EnvoyConfigItems;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.gateway.read.StatusDocuments;
import dev.kumo.kube.service.Problem;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** CiliumEnvoyConfigs and CiliumClusterwideEnvoyConfigs. Planning thread only. */
@Singleton
public final class EnvoyConfigPart implements EnvoyFeedPart {
    private final GatewayTables tables;
    private final EnvoyConfigTables envoyConfigs;
    private final StatusUpdates statuses;
    private final EnvoyConfigPlanner planner = new EnvoyConfigPlanner();

    EnvoyConfigPart(GatewayTables tables, EnvoyConfigTables envoyConfigs, StatusUpdates statuses) {
        this.tables = tables;
        this.envoyConfigs = envoyConfigs;
        this.statuses = statuses;
    }

    @Override
    public Draft draft(EnvoyItems items) {
        var rows = envoyConfigs.rows();
        var services = tables.serviceViews();
        var plan = planner.plan(new EnvoyConfigInputs(
                rows.values().stream().map(row -> row.view().view()).toList(),
                services,
                tables.nodes().rows().values().stream().collect(Collectors.toMap(NodeView::name, NodeView::labels)),
                claimed(services)));
        var published = new ArrayList<Published>();
        for (var planned : plan) {
            var row = Objects.requireNonNull(rows.get(planned.view().key()));
            published.add(new Published(
                    planned, row, EnvoyConfigItems.add(planned, row.view().messages(), items)));
        }
        return new ConfigDraft(List.copyOf(published));
    }

    /** {@link StatusUpdates} are one for all parts; whoever else resigns has emptied them. */
    @Override
    public void resign() {
        statuses.cancel();
    }

    /** Frontends of Services that were made for Gateways and Ingresses. */
    private static Map<FrontendKey, String> claimed(List<ServiceView> services) {
        var claimed = new HashMap<FrontendKey, String>();
        for (var service : services) {
            service.madeFor()
                    .map(owner -> switch (owner.kind()) {
                        case GATEWAY -> "Gateway " + owner.name();
                        case INGRESS -> "Ingress " + owner.name();
                        case INGRESSES -> "the shared Ingress";
                    })
                    .ifPresent(owner -> service.ports()
                            .forEach(port -> claimed.put(new FrontendKey(service.key(), port.number()), owner)));
        }
        return claimed;
    }

    /** One configuration on its way. @param listeners whose confirmation it waits for */
    private record Published(
            PlannedEnvoyConfig planned, Observed<EnvoyConfigRow> row, List<PublishedListener> listeners) {
        boolean isStanding() {
            return row.says("Programmed", planned.view().stamp().generation());
        }
    }

    private final class ConfigDraft implements Draft {
        private final List<Published> configs;

        ConfigDraft(List<Published> configs) {
            this.configs = configs;
        }

        @Override
        public List<PublishedListener> listeners(EnvoyItems items) {
            return configs.stream()
                    .flatMap(config -> config.listeners().stream())
                    .toList();
        }

        @Override
        public Set<String> standing() {
            return configs.stream()
                    .filter(Published::isStanding)
                    .flatMap(config -> config.listeners().stream())
                    .map(PublishedListener::name)
                    .collect(Collectors.toSet());
        }

        @Override
        public List<Problem> settle(Map<String, Confirmation> confirmations, boolean leading) {
            var problems = new ArrayList<Problem>();
            for (var config : configs) {
                var conditions =
                        EnvoyConfigConditions.of(config.planned(), progress(config.listeners(), confirmations));
                if (leading) {
                    write(config, conditions);
                }
                conditions.stream()
                        .filter(condition -> !condition.status() && !isConsequence(condition))
                        .forEach(condition -> problems.add(
                                new Problem(config.planned().view().title(), condition.reason(), condition.message())));
            }
            statuses.retain(GatewayKinds.ENVOY_CONFIG, envoyConfigs.namespaced());
            statuses.retain(GatewayKinds.CLUSTERWIDE_ENVOY_CONFIG, envoyConfigs.clusterwide());
            return problems;
        }

        private void write(Published config, List<Condition> conditions) {
            var view = config.planned().view();
            var kind = view.clusterwide() ? GatewayKinds.CLUSTERWIDE_ENVOY_CONFIG : GatewayKinds.ENVOY_CONFIG;
            statuses.write(
                    Target.of(kind, view.key(), config.row()),
                    config.row().status(),
                    Map.of("conditions", StatusDocuments.conditions(conditions)));
        }
    }

    /** What passes by itself, or is said by another condition already. */
    private static boolean isConsequence(Condition condition) {
        return condition.reason().equals("Pending") || condition.reason().equals("NotAccepted");
    }

    /** The worst that is said of one of its listeners. */
    private static Progress progress(List<PublishedListener> listeners, Map<String, Confirmation> confirmations) {
        var words = listeners.stream()
                .map(listener -> confirmations.getOrDefault(listener.name(), Confirmation.UNKNOWN))
                .toList();
        return words.stream()
                .filter(word -> word instanceof Confirmation.Refused)
                .findFirst()
                .or(() -> words.stream().filter(word -> !word.isServed()).findFirst())
                .or(() -> words.stream().findFirst())
                .map(word -> new Progress(
                        switch (word) {
                            case Confirmation.Served _ -> Progress.State.SERVED;
                            case Confirmation.Waiting _ -> Progress.State.PENDING;
                            case Confirmation.Refused _ -> Progress.State.REJECTED;
                        },
                        word.message()))
                .orElse(new Progress(Progress.State.PENDING, Confirmation.UNKNOWN.message()));
    }
}
