// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.crd.Manifests;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GatewayManifestTest {
    @Test
    void handsOnConfigurationsDecodeAlike() throws IOException {
        var namespaced = Manifests.read(CiliumEnvoyConfig.class, "handson-cec").getSpec();
        assertThat(namespaced.services()).extracting(ServiceListener::name).containsExactly("handson");
        assertThat(namespaced.backendServices())
                .extracting(BackendService::name)
                .containsExactly("handson-blue", "handson-yellow");
        assertThat(namespaced.resources())
                .extracting(resource -> resource.path("name").asText())
                .containsExactly("handson-listener", "handson-route", "handson/handson-blue", "handson/handson-yellow");
        assertThat(Manifests.read(CiliumClusterwideEnvoyConfig.class, "handson-ccec")
                        .getSpec())
                .isEqualTo(namespaced);
    }

    @Test
    void gatewayClassConfigDecodes() throws IOException {
        var spec = Manifests.read(CiliumGatewayClassConfig.class, "gateway-class-config")
                .getSpec();
        assertThat(spec.service().type()).isEqualTo(GatewayServiceType.NODEPORT);
        assertThat(spec.httpOptions().grpcWebTranslation().enabled()).isFalse();
    }

    @Test
    void unknownFieldOutsideResourcesIsRefused() throws IOException {
        var yaml = Manifests.text(getClass(), "handson-cec").replace("backendServices", "backends");
        assertThatThrownBy(() -> Manifests.parse(CiliumEnvoyConfig.class, yaml)).hasMessageContaining("\"backends\"");
    }
}
