// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.plan.IngressDefaults;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;
import java.util.Set;

/** Settings of the gateway service alone; the defaults are Cilium's. */
@ConfigMapping(prefix = "kumo")
public interface GatewayConfig {
    enum LoadBalancerMode {
        DEDICATED,
        SHARED
    }

    enum ClusterwideEnvoyConfigs {
        RESTRICTED,
        OPEN
    }

    /** Whether Ingresses that don't say so share one Service ({@code shared}) or have one each ({@code dedicated}). */
    @WithDefault("dedicated")
    LoadBalancerMode ingressLoadbalancerMode();

    /** Type of Ingresses' Services where they don't say so, and of the shared one: LoadBalancer or NodePort. */
    @WithDefault("LoadBalancer")
    String ingressServiceType();

    /** Node port of the shared Service's port 80; the API server chooses one without it. */
    OptionalInt ingressNodePort();

    /** Node port of its port 443, likewise. */
    OptionalInt ingressSecureNodePort();

    /** Whether hosts with a certificate answer plain requests with a redirection to https, where Ingresses don't say so. */
    @WithDefault("true")
    boolean ingressEnforceHttps();

    /** Whether IngressClass {@code cilium}, where we make it, takes Ingresses without a class. */
    @WithDefault("false")
    boolean ingressDefaultClass();

    /**
     * What a CiliumClusterwideEnvoyConfig may say to Envoy: the same as a CiliumEnvoyConfig ({@code restricted}), or all that Envoy takes
     * ({@code open}).
     */
    @WithDefault("restricted")
    ClusterwideEnvoyConfigs clusterwideEnvoyConfigs();

    /** @throws IllegalArgumentException for a type or port that isn't one */
    static IngressDefaults ingressDefaults(GatewayConfig config) {
        var type = config.ingressServiceType();
        if (!Set.of("LoadBalancer", "NodePort").contains(type)) {
            throw new IllegalArgumentException(
                    "KUMO_INGRESS_SERVICE_TYPE: %s is not one of LoadBalancer, NodePort".formatted(type));
        }
        config.ingressNodePort().ifPresent(port -> check("KUMO_INGRESS_NODE_PORT", port));
        config.ingressSecureNodePort().ifPresent(port -> check("KUMO_INGRESS_SECURE_NODE_PORT", port));
        return new IngressDefaults(
                config.ingressLoadbalancerMode() == LoadBalancerMode.SHARED,
                type,
                config.ingressNodePort(),
                config.ingressSecureNodePort(),
                config.ingressEnforceHttps());
    }

    private static void check(String name, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("%s: %d is no port".formatted(name, port));
        }
    }
}
