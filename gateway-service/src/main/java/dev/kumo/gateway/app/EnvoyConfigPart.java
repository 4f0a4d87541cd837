// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.StatusUpdates.Target;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigConditions;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigInputs;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigPlanner;
import dev.kumo.gateway.envoyconfig.plan.FrontendKey;
import dev.kumo.gateway.envoyconfig.plan.PlannedEnvoyConfig;
import dev.kumo.gateway.envoyconfig.plan.Progress;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigRow;
import dev.kumo.gateway.model.NodeView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.plan.Condition;
import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.publish.EnvoyConfigItems;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.gateway.read.StatusDocuments;
import dev.kumo.kube.service.Problem;
import dev.kumo.stream.memo.Latest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** CiliumEnvoyConfigs and CiliumClusterwideEnvoyConfigs. Planning thread only. */
@Singleton
public final class EnvoyConfigPart implements EnvoyFeedPart {
    private final GatewayTables tables;
    private final EnvoyConfigTables envoyConfigs;
    private final StatusUpdates statuses;
    private final Latest<Inputs, ConfigDraft> drafts;

    EnvoyConfigPart(GatewayTables tables, EnvoyConfigTables envoyConfigs, StatusUpdates statuses) {
        this.tables = tables;
        this.envoyConfigs = envoyConfigs;
        this.statuses = statuses;
        var planner = new EnvoyConfigPlanner();
        this.drafts = new Latest<>(inputs -> new ConfigDraft(planner.plan(inputs.plan()), inputs.rows()));
    }

    /** @param rows with the messages, which the plan doesn't look at */
    private record Inputs(EnvoyConfigInputs plan, Map<ObjectKey, EnvoyConfigRow> rows) {}

    @Override
    public Draft draft() {
        var rows = envoyConfigs.rows().values().stream()
                .map(Observed::view)
                .collect(Collectors.toMap(row -> row.view().key(), Function.identity()));
        var services = tables.serviceViews();
        return drafts.of(new Inputs(
                new EnvoyConfigInputs(
                        rows.values().stream()
                                .map(EnvoyConfigRow::view)
                                .sorted(Comparator.comparing(EnvoyConfigView::key))
                                .toList(),
                        services,
                        tables.nodes().rows().values().stream()
                                .collect(Collectors.toMap(NodeView::name, NodeView::labels)),
                        claimed(services)),
                rows));
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
    private record Published(PlannedEnvoyConfig planned, List<PublishedListener> listeners) {
        boolean isStanding(@Nullable Observed<EnvoyConfigRow> row) {
            return row != null && row.says("Programmed", planned.view().stamp().generation());
        }
    }

    private final class ConfigDraft implements Draft {
        private final List<PlannedEnvoyConfig> plan;
        private final Map<ObjectKey, EnvoyConfigRow> rows;
        private List<Published> configs = List.of();

        ConfigDraft(List<PlannedEnvoyConfig> plan, Map<ObjectKey, EnvoyConfigRow> rows) {
            this.plan = plan;
            this.rows = rows;
        }

        @Override
        public List<PublishedListener> add(EnvoyItems items) {
            configs = plan.stream()
                    .map(planned -> new Published(
                            planned,
                            EnvoyConfigItems.add(
                                    planned,
                                    Objects.requireNonNull(
                                                    rows.get(planned.view().key()))
                                            .messages(),
                                    items)))
                    .toList();
            return configs.stream()
                    .flatMap(config -> config.listeners().stream())
                    .toList();
        }

        @Override
        public Set<String> standing() {
            var now = envoyConfigs.rows();
            return configs.stream()
                    .filter(config ->
                            config.isStanding(now.get(config.planned().view().key())))
                    .flatMap(config -> config.listeners().stream())
                    .map(PublishedListener::name)
                    .collect(Collectors.toSet());
        }

        @Override
        public List<Problem> settle(Map<String, Confirmation> confirmations, boolean leading) {
            var problems = new ArrayList<Problem>();
            var now = envoyConfigs.rows();
            for (var config : configs) {
                var conditions =
                        EnvoyConfigConditions.of(config.planned(), progress(config.listeners(), confirmations));
                var row = now.get(config.planned().view().key());
                if (leading && row != null) {
                    write(config.planned().view(), row, conditions);
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

        private void write(EnvoyConfigView view, Observed<EnvoyConfigRow> row, List<Condition> conditions) {
            var kind = view.clusterwide() ? GatewayKinds.CLUSTERWIDE_ENVOY_CONFIG : GatewayKinds.ENVOY_CONFIG;
            statuses.write(
                    Target.of(kind, view.key(), row),
                    row.status(),
                    conditions,
                    word -> Map.of("conditions", StatusDocuments.conditions(word)));
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
