// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpRule.BackendTarget;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.ReferenceGrantView.From;
import dev.kumo.gateway.model.ReferenceGrantView.To;
import dev.kumo.gateway.model.ServiceView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds what backend references point to, and whether they may. Immutable. */
final class Backends {
    private final Map<ObjectKey, ServiceView> services;
    private final List<ReferenceGrantView> grants;

    Backends(Collection<ServiceView> services, Collection<ReferenceGrantView> grants) {
        this.services = services.stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
        this.grants = List.copyOf(grants);
    }

    sealed interface Found {
        record Backend(BackendCluster cluster) implements Found {}

        record Missing(Fault fault) implements Found {}
    }

    /** @param namespace of the HTTPRoute that refers to it */
    Found find(BackendTarget target, String namespace) {
        if (!target.isService()) {
            return missing("InvalidKind", "a backend is a Service, not a %s".formatted(target.kind()));
        }
        var key = target.key();
        if (!key.namespace().equals(namespace) && !granted(target, namespace)) {
            return missing(
                    "RefNotPermitted",
                    "no ReferenceGrant in namespace %s lets HTTPRoutes of %s refer to Service %s"
                            .formatted(key.namespace(), namespace, key.name()));
        }
        var service = services.get(key);
        if (service == null) {
            return missing("BackendNotFound", "there is no Service " + key);
        }
        if (service.externalName()) {
            return missing("BackendNotFound", "Service %s is of type ExternalName, which is not served".formatted(key));
        }
        if (target.port().isEmpty()) {
            return missing("BackendNotFound", "the reference to Service %s names no port".formatted(key));
        }
        int number = target.port().getAsInt();
        var port = service.tcpPort(number);
        if (port.isEmpty()) {
            return missing("BackendNotFound", "Service %s has no TCP port %d".formatted(key, number));
        }
        var protocol = port.get().appProtocol();
        if (protocol.equals("kubernetes.io/wss")) {
            return missing(
                    "UnsupportedProtocol",
                    "Service %s, port %d: appProtocol %s is not supported".formatted(key, number, protocol));
        }
        return new Found.Backend(new BackendCluster(key, number, protocol.equals("kubernetes.io/h2c")));
    }

    private boolean granted(BackendTarget target, String namespace) {
        var from = new From("gateway.networking.k8s.io", "HTTPRoute", namespace);
        var to = new To(target.group(), target.kind(), target.key().name());
        return grants.stream()
                .anyMatch(grant -> grant.allows(from, to, target.key().namespace()));
    }

    private static Found missing(String reason, String message) {
        return new Found.Missing(new Fault(reason, message));
    }
}
