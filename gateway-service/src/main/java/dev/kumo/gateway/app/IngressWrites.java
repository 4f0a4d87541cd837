// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.app.StatusUpdates.Target;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.plan.IngressPlan;
import dev.kumo.gateway.plan.IngressPlan.IngressService;
import dev.kumo.gateway.plan.IngressPlan.IngressStatus;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import dev.kumo.gateway.read.StatusDocuments;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the leader writes of Ingresses: class, Services, addresses, Events. Planning thread only. */
@Singleton
public final class IngressWrites {
    private final GatewayTables tables;
    private final StatusUpdates statuses;
    private final ServiceWriter services;
    private final ClassWriter classes;
    private final IngressEvents events;
    private Set<ObjectKey> ours = Set.of();

    IngressWrites(
            GatewayTables tables,
            StatusUpdates statuses,
            ServiceWriter services,
            ClassWriter classes,
            IngressEvents events) {
        this.tables = tables;
        this.statuses = statuses;
        this.services = services;
        this.classes = classes;
        this.events = events;
    }

    SortedMap<ObjectKey, String> refusedServices() {
        return services.refused();
    }

    void write(IngressPlan plan, SortedMap<ObjectKey, List<Problem>> told) {
        classes.makeIngressClass(tables);
        services(plan.services());
        plan.ingresses().forEach(this::status);
        var now = plan.ingresses().stream().map(IngressStatus::key).collect(Collectors.toSet());
        // One that has left our class has no address of ours any more.
        var left = new HashSet<>(ours);
        left.removeAll(now);
        left.forEach(key -> status(new IngressStatus(key, List.of(), List.of(), key)));
        ours = now;
        statuses.retain(GatewayKinds.INGRESS, tables.ingresses().rows());
        events.retain(now);
        told.forEach((key, problems) -> {
            var found = tables.ingresses().row(key.toString());
            if (found != null) {
                events.tell(key, found.uid(), found.view().stamp().generation(), problems);
            }
        });
    }

    void cancel() {
        statuses.cancel();
        services.cancel();
        classes.cancel();
        events.cancel();
    }

    private void status(IngressStatus status) {
        var found = tables.ingresses().row(status.key().toString());
        if (found != null) {
            statuses.write(
                    Target.of(GatewayKinds.INGRESS, status.key(), found), found.status(), status, StatusDocuments::of);
        }
    }

    private void services(List<IngressService> planned) {
        var wanted = new TreeMap<ObjectKey, Service>();
        for (var service : planned) {
            var document = StatusDocuments.of(service);
            if (service.ingress().isPresent()) {
                var ingress = tables.ingresses().row(service.ingress().get().toString());
                if (ingress == null) {
                    continue;
                }
                document.getMetadata()
                        .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                                .withApiVersion("networking.k8s.io/v1")
                                .withKind("Ingress")
                                .withName(service.ingress().get().name())
                                .withUid(ingress.uid())
                                .withController(true)
                                .build()));
            }
            wanted.put(service.key(), document);
        }
        services.write(
                Set.of(Kind.INGRESS, Kind.INGRESSES),
                wanted,
                tables.services().rows().values());
    }
}
