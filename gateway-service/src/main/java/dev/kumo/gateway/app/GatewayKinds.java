// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.crd.CiliumClusterwideEnvoyConfig;
import dev.kumo.gateway.crd.CiliumEnvoyConfig;
import dev.kumo.gateway.read.GatewayReader;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds whose statuses we write, as the client must know them. */
final class GatewayKinds {
    static final ResourceDefinitionContext GATEWAY_CLASS = gatewayApi("GatewayClass", "gatewayclasses", false);
    static final ResourceDefinitionContext GATEWAY = gatewayApi("Gateway", "gateways", true);
    static final ResourceDefinitionContext HTTP_ROUTE = gatewayApi("HTTPRoute", "httproutes", true);
    static final ResourceDefinitionContext REFERENCE_GRANT = gatewayApi("ReferenceGrant", "referencegrants", true);
    static final ResourceDefinitionContext INGRESS = new ResourceDefinitionContext.Builder()
            .withGroup("networking.k8s.io")
            .withVersion("v1")
            .withKind("Ingress")
            .withPlural("ingresses")
            .withNamespaced(true)
            .build();

    static final ResourceDefinitionContext ENVOY_CONFIG =
            ResourceDefinitionContext.fromResourceType(CiliumEnvoyConfig.class);
    static final ResourceDefinitionContext CLUSTERWIDE_ENVOY_CONFIG =
            ResourceDefinitionContext.fromResourceType(CiliumClusterwideEnvoyConfig.class);

    private GatewayKinds() {}

    private static ResourceDefinitionContext gatewayApi(String kind, String plural, boolean namespaced) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(GatewayReader.GROUP)
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
