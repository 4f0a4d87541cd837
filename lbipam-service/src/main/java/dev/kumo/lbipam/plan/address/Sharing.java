// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ServiceView.PortView;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** Whether two Services may have one address: LB IPAM's sharing keys. Stateless; symmetric. */
final class Sharing {
    private static final String KEY = "lbipam.cilium.io/sharing-key";
    private static final String KEY_ALIAS = "io.cilium/lb-ipam-sharing-key";
    private static final String NAMESPACES = "lbipam.cilium.io/sharing-cross-namespace";
    private static final String NAMESPACES_ALIAS = "io.cilium/lb-ipam-sharing-cross-namespace";

    private Sharing() {}

    /** Empty if the Service shares with nobody. */
    static String key(ServiceRequest request) {
        return annotation(request, KEY, KEY_ALIAS);
    }

    /** Why the two cannot share, and what would help; empty if they can. */
    static Optional<String> obstacle(ServiceRequest one, ServiceRequest holder) {
        var name = "Service " + holder.ref();
        if (key(one).isEmpty() || !key(one).equals(key(holder))) {
            return Optional.of("different sharing key; give both this Service and %s the same %s".formatted(name, KEY));
        }
        if (!admits(one, holder)) {
            return Optional.of("namespace %s not allowed by this Service; add it to its %s"
                    .formatted(holder.ref().namespace(), NAMESPACES));
        }
        if (!admits(holder, one)) {
            return Optional.of("namespace %s not allowed by %s; add it to the %s of that Service"
                    .formatted(one.ref().namespace(), name, NAMESPACES));
        }
        return commonPort(one, holder)
                .map(port -> "same port and protocol %d/%s as %s; choose another port"
                        .formatted(port.port(), port.protocol(), name))
                .or(() -> differentTraffic(one, holder));
    }

    private static Optional<String> differentTraffic(ServiceRequest one, ServiceRequest holder) {
        var policy = one.claim().service().externalTrafficPolicy();
        var other = holder.claim().service().externalTrafficPolicy();
        if (!policy.equals(other)) {
            return Optional.of("different external traffic policy; Service %s has %s".formatted(holder.ref(), other));
        }
        var selector = one.claim().selector();
        if (policy.equals("Local")
                && (selector.isEmpty() || !selector.equals(holder.claim().selector()))) {
            return Optional.of(
                    "different endpoint selectors; with externalTrafficPolicy Local it must be that of Service %s"
                            .formatted(holder.ref()));
        }
        return Optional.empty();
    }

    private static Optional<PortView> commonPort(ServiceRequest one, ServiceRequest holder) {
        return one.claim().service().ports().stream()
                .filter(port -> holder.claim().service().ports().stream()
                        .anyMatch(taken ->
                                taken.port() == port.port() && taken.protocol().equals(port.protocol())))
                .findFirst();
    }

    private static boolean admits(ServiceRequest host, ServiceRequest guest) {
        if (host.ref().namespace().equals(guest.ref().namespace())) {
            return true;
        }
        return Arrays.stream(annotation(host, NAMESPACES, NAMESPACES_ALIAS).split(","))
                .map(String::strip)
                .anyMatch(allowed ->
                        allowed.equals("*") || allowed.equals(guest.ref().namespace()));
    }

    private static String annotation(ServiceRequest request, String key, String alias) {
        var annotations = request.claim().service().annotations();
        return Objects.requireNonNullElse(annotations.get(key), annotations.getOrDefault(alias, ""));
    }
}
