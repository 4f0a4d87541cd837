// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView.Kind;
import dev.kumo.gateway.model.ServiceView.Owner;
import dev.kumo.gateway.plan.IngressPlan.IngressService;
import dev.kumo.gateway.plan.IngressPlan.IngressService.Port;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which Service an Ingress gets its address from. Stateless; any thread. */
final class IngressServices {
    static final int HTTP = 80;
    static final int HTTPS = 443;

    /** Annotations that go on to the Service. */
    private static final List<String> PASSED_ON = List.of(
            "lbipam.cilium.io",
            "nodeipam.cilium.io",
            "service.beta.kubernetes.io",
            "service.kubernetes.io",
            "cloud.google.com");

    private IngressServices() {}

    static IngressService shared(String namespace, IngressDefaults defaults) {
        return new IngressService(
                new ObjectKey(namespace, GeneratedName.SHARED_INGRESS),
                Optional.empty(),
                labels(),
                new TreeMap<>(),
                defaults.serviceType(),
                "",
                "",
                List.of(new Port("http", HTTP, defaults.nodePort())),
                new Port("https", HTTPS, defaults.secureNodePort()));
    }

    static IngressService dedicated(IngressView ingress, IngressSettings settings) {
        var passed = new TreeMap<String, String>();
        ingress.annotations().forEach((name, value) -> {
            if (PASSED_ON.stream().anyMatch(name::startsWith)) {
                passed.put(name, value);
            }
        });
        return new IngressService(
                new ObjectKey(
                        ingress.key().namespace(),
                        GeneratedName.ingressService(ingress.key().name())),
                Optional.of(ingress.key()),
                labels(),
                passed,
                settings.serviceType(),
                settings.loadBalancerClass(),
                settings.externalTrafficPolicy(),
                List.of(new Port("http", HTTP, settings.nodePort())),
                new Port("https", HTTPS, settings.secureNodePort()));
    }

    static Owner owner(IngressService service) {
        return service.ingress()
                .map(ingress -> new Owner(Kind.INGRESS, ingress.name()))
                .orElse(new Owner(Kind.INGRESSES, ""));
    }

    private static TreeMap<String, String> labels() {
        return new TreeMap<>(Map.of(GeneratedName.INGRESS_LABEL, "true"));
    }
}
