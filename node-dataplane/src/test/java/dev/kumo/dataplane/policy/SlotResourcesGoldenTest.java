// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.kumo.contract.policy.v1.HeaderMatch;
import dev.kumo.contract.policy.v1.HttpRule;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.MismatchAction;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.testkit.GoldenCases;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SlotResourcesGoldenTest {
    private static final Path CASES = Path.of("src/test/resources/SlotResources");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyCaseGivesItsResources() {
        return GoldenCases.in(CASES, EnvoyText::plan);
    }

    @Test
    void aRuleThatChangesRequestsIsRefused() {
        var rules = HttpRuleSet.newBuilder()
                .addRules(HttpRule.newBuilder()
                        .addHeaderMatches(HeaderMatch.newBuilder()
                                .setName("X-Version")
                                .setMismatch(MismatchAction.MISMATCH_ACTION_ADD)))
                .build();
        assertThatThrownBy(() -> HttpRules.of(rules))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("X-Version");
    }

    /** The stock Envoy itself reads everything that the cases give. */
    @Test
    void envoyAcceptsWhatTheCasesGive() throws Exception {
        var rules = documents("rules");
        rules = Stream.concat(rules.stream(), documents("deny-all").stream()).toList();
        assertThat(validate(bootstrap(rules))).contains("OK");
    }

    @Test
    void envoyRefusesARegularExpressionThatIsNone() throws Exception {
        assertThat(validate(bootstrap(List.of("{number: 9, rules: [{path: 'a('}]}"))))
                .contains("missing )");
    }

    /** With the routes in the listeners, since a validation fetches nothing. */
    private static Bootstrap bootstrap(List<String> rules) throws IOException {
        var bootstrap = Bootstrap.newBuilder();
        var resources = bootstrap.getStaticResourcesBuilder();
        resources.addClusters(Cluster.parseFrom(SlotResources.cluster().body().getValue()));
        int port = 11_000;
        for (var document : rules) {
            var routes = RouteConfiguration.parseFrom(
                    EnvoyText.resource(document).body().getValue());
            for (var direction : FlowDirection.values()) {
                var listener =
                        Listener.parseFrom(SlotResources.listener(port, direction, port)
                                        .body()
                                        .getValue())
                                .toBuilder();
                var filter = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
                var manager = filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder()
                        .setRouteConfig(routes)
                        .build();
                filter.setTypedConfig(Any.pack(manager));
                resources.addListeners(listener);
                port++;
            }
        }
        return bootstrap.build();
    }

    private String validate(Bootstrap bootstrap) throws Exception {
        var config = Files.writeString(folder.resolve("bootstrap.json"), EnvoyText.json(bootstrap));
        var process = new ProcessBuilder(
                        EnvoyBinary.path().toString(),
                        "--mode",
                        "validate",
                        "--log-level",
                        "error",
                        "--use-dynamic-base-id",
                        "--config-path",
                        config.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static List<String> documents(String name) throws IOException {
        return Stream.of(
                        Files.readString(CASES.resolve(name).resolve("in.yaml")).split("(?m)^---$"))
                .toList();
    }
}
