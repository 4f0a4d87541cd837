// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.gateway.crd.CiliumEnvoyConfig;
import dev.kumo.gateway.crd.EnvoyConfigSpec;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigReader;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigRow;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeEnvoyConfigTest {
    private static final String ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

    @Test
    void whatAFeedCanCarryIsRead() {
        var row = read(routes(4_000, "x".repeat(100)));
        assertThat(row.view().faults()).isEmpty();
        assertThat(row.messages()).hasSize(1);
    }

    @Test
    void whatIsLargerIsRefused() {
        var row = read(routes(4_000, "x".repeat(500)));
        assertThat(row.view().faults())
                .extracting(EnvoyConfigFault::reason)
                .containsExactly(EnvoyConfigReason.TOO_LARGE);
        assertThat(row.messages()).isEmpty();
    }

    @Test
    void whatIsNestedWithoutEndIsRefused() {
        var innermost = JsonNodeFactory.instance.objectNode();
        var json = innermost;
        for (int i = 0; i < 5_000; i++) {
            var outer = JsonNodeFactory.instance.objectNode();
            outer.set("typedConfig", json);
            json = outer;
        }
        json.put("@type", ROUTES);
        assertThat(read(json).view().faults())
                .extracting(EnvoyConfigFault::reason)
                .containsExactly(EnvoyConfigReason.MALFORMED);
    }

    private static ObjectNode routes(int count, String path) {
        var json = JsonNodeFactory.instance.objectNode().put("@type", ROUTES).put("name", "routes");
        var host = json.putArray("virtualHosts").addObject().put("name", "all");
        host.putArray("domains").add("*");
        var routes = host.putArray("routes");
        for (int i = 0; i < count; i++) {
            var route = routes.addObject();
            route.putObject("match").put("path", "/%s/%d".formatted(path, i));
            route.putObject("directResponse").put("status", 200);
        }
        return json;
    }

    private static EnvoyConfigRow read(ObjectNode resource) {
        var config = new CiliumEnvoyConfig();
        config.setMetadata(
                new ObjectMetaBuilder().withNamespace("web").withName("large").build());
        config.setSpec(new EnvoyConfigSpec(List.of(), List.of(), List.of(resource), null));
        return EnvoyConfigReader.read(config);
    }
}
