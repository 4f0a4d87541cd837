// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.StatusUpdates.Target;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.plan.GatewayPlan;
import dev.kumo.gateway.plan.GatewayPlanner;
import dev.kumo.gateway.plan.GatewayService;
import dev.kumo.gateway.plan.GatewayStatus;
import dev.kumo.gateway.plan.RouteStatus;
import dev.kumo.gateway.read.StatusDocuments;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the leader writes of Gateways: class, Services, statuses. Planning thread only. */
@Singleton
public final class GatewayWrites {
    private final GatewayTables tables;
    private final StatusUpdates statuses;
    private final ServiceWriter services;
    private final ClassWriter classes;

    GatewayWrites(GatewayTables tables, StatusUpdates statuses, ServiceWriter services, ClassWriter classes) {
        this.tables = tables;
        this.statuses = statuses;
        this.services = services;
        this.classes = classes;
    }

    SortedMap<ObjectKey, String> refusedServices() {
        return services.refused();
    }

    void write(GatewayPlan plan, List<GatewayStatus> gateways) {
        classes.makeGatewayClass(tables);
        services(plan.services());
        plan.classes().forEach(status -> {
            var found = tables.classes().row(status.name());
            if (found != null) {
                statuses.write(
                        new Target(GatewayKinds.GATEWAY_CLASS, "", status.name(), found.uid()),
                        found.status(),
                        status,
                        StatusDocuments::of);
            }
        });
        for (var status : gateways) {
            var found = tables.gateways().row(status.key().toString());
            if (found != null) {
                statuses.write(
                        Target.of(GatewayKinds.GATEWAY, status.key(), found),
                        found.status(),
                        status,
                        StatusDocuments::of);
            }
        }
        routes(plan.routes());
        statuses.retain(GatewayKinds.GATEWAY, tables.gateways().rows());
        statuses.retain(GatewayKinds.HTTP_ROUTE, tables.routes().rows());
    }

    void cancel() {
        statuses.cancel();
        services.cancel();
        classes.cancel();
    }

    private void services(List<GatewayService> planned) {
        var wanted = new TreeMap<ObjectKey, Service>();
        for (var service : planned) {
            var gateway = tables.gateways().row(service.gateway().toString());
            if (gateway != null) {
                var document = StatusDocuments.of(service);
                document.getMetadata()
                        .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                                .withApiVersion("gateway.networking.k8s.io/v1")
                                .withKind("Gateway")
                                .withName(service.gateway().name())
                                .withUid(gateway.uid())
                                .withController(true)
                                .build()));
                wanted.put(service.key(), document);
            }
        }
        services.write(Set.of(Kind.GATEWAY), wanted, tables.services().rows().values());
    }

    /** Routes that have left our Gateways lose what we said of them. */
    private void routes(List<RouteStatus> planned) {
        var byKey = planned.stream().collect(Collectors.toMap(RouteStatus::key, Function.identity()));
        tables.routes().rows().values().forEach(found -> {
            var key = found.view().key();
            var status = byKey.get(key);
            if (status != null || mentionsUs(found.status())) {
                statuses.write(
                        Target.of(GatewayKinds.HTTP_ROUTE, key, found),
                        found.status(),
                        status == null ? new RouteStatus(key, List.of()) : status,
                        word -> Map.of("parents", StatusDocuments.of(word)));
            }
        });
    }

    private static boolean mentionsUs(Map<String, Object> status) {
        return status.get("parents") instanceof List<?> parents
                && parents.stream()
                        .anyMatch(entry -> entry instanceof Map<?, ?> parent
                                && GatewayPlanner.CONTROLLER.equals(parent.get("controllerName")));
    }
}
