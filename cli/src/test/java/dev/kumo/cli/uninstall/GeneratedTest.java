// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user made must never be taken for generated. */
class GeneratedTest {
    @ParameterizedTest
    @CsvSource({
        "cilium-gateway-color-gw, io.cilium.gateway/owning-gateway, color-gw, true",
        "cilium-ingress-app,      cilium.io/ingress,                true,     true",
        "cilium-ingress,          cilium.io/ingress,                true,     true",
        "cilium-gateway-color-gw, app,                              x,        false",
        "web,                     io.cilium.gateway/owning-gateway, color-gw, false",
        "cilium-ingress,          cilium.io/ingress,                false,    false",
    })
    void needsNameAndLabel(String name, String label, String value, boolean generated) {
        assertThat(Generated.isGenerated(service(name, Map.of(label, value)))).isEqualTo(generated);
    }

    @Test
    void addressesAreOursWhereLbIpamSaidSo() {
        var plain = service("web", Map.of());
        var addressed = new ServiceBuilder(plain)
                .withNewStatus()
                .addNewCondition()
                .withType(Generated.REQUEST_SATISFIED)
                .endCondition()
                .endStatus()
                .build();

        assertThat(Generated.hasOurAddress(plain)).isFalse();
        assertThat(Generated.hasOurAddress(addressed)).isTrue();
    }

    private static Service service(String name, Map<String, String> labels) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build();
    }
}
