// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ListenerView.CertificateRef;
import dev.kumo.gateway.model.ListenerView.Tls;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which Secrets have to be read: those that objects of our classes name and may have. Stateless; any thread. */
public final class SecretNames {
    private SecretNames() {}

    public static SortedSet<ObjectKey> ofGateways(
            Collection<GatewayClassView> classes,
            Collection<GatewayView> gateways,
            Collection<ReferenceGrantView> grants) {
        var ours = classes.stream()
                .filter(view -> view.controller().equals(GatewayPlanner.CONTROLLER))
                .map(GatewayClassView::name)
                .collect(Collectors.toSet());
        var certificates = new Certificates(List.of(), grants);
        var names = new TreeSet<ObjectKey>();
        for (var gateway : gateways) {
            if (ours.contains(gateway.gatewayClass())) {
                gateway.listeners().stream()
                        .flatMap(listener -> listener.tls().map(Tls::certificates).orElse(List.of()).stream())
                        .filter(reference ->
                                certificates.mayRead(reference, gateway.key().namespace()))
                        .map(CertificateRef::key)
                        .forEach(names::add);
            }
        }
        return names;
    }

    /** @param ingresses of our class */
    public static SortedSet<ObjectKey> ofIngresses(Collection<IngressView> ingresses) {
        var names = new TreeSet<ObjectKey>();
        for (var ingress : ingresses) {
            ingress.tls().stream()
                    .map(IngressView.Tls::secret)
                    .filter(secret -> !secret.isEmpty())
                    .forEach(secret -> names.add(new ObjectKey(ingress.key().namespace(), secret)));
        }
        return names;
    }
}
