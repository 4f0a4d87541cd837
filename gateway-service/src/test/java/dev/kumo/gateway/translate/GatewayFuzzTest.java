// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.testkit.fuzz.MutatedCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

class GatewayFuzzTest {
    private static final MutatedCases CASES = MutatedCases.ofGoldens(
            List.of(Path.of("src/test/resources/gateway"), Path.of("src/test/resources/ingress")),
            Set.of("Gateway", "HTTPRoute", "ReferenceGrant", "Ingress", "Secret"));

    /** To ask Envoy takes longer than to translate a thousand cases: it is asked about one in so many, chosen by its content. */
    private static final int ASKED_ONE_IN = 64;

    @TempDir
    Path scratch;

    @FuzzTest
    void nearlyRightObjectsAreTranslatedOrTheirStatusSaysWhyNot(FuzzedDataProvider data) {
        var documents = CASES.documents(data);
        var found = MutatedCases.readable(() -> new GatewayCase(documents));
        if (found.isEmpty()) {
            return;
        }
        var plan = found.get().plan();
        assertThat(plan.routes().stream()
                        .flatMap(route -> route.parents().stream())
                        .flatMap(parent -> parent.conditions().stream()))
                .as(String.join("---\n", documents))
                .allMatch(condition ->
                        !condition.reason().isBlank() && !condition.message().isBlank());
        assertThat(found.get().text(plan)).isNotNull();
        assertThat(GatewayCase.text(found.get().ingressPlan())).isNotNull();
    }

    @FuzzTest
    @Tag("privileged")
    void envoyAcceptsWhatIsTranslated(FuzzedDataProvider data) throws IOException, InterruptedException {
        var documents = CASES.documents(data);
        var found = MutatedCases.readable(() -> new GatewayCase(documents));
        if (found.isEmpty() || Math.floorMod(documents.hashCode(), ASKED_ONE_IN) != 0) {
            return;
        }
        var envoy = EnvoyBinary.find();
        for (var resources : found.get().envoy()) {
            envoy.accepts(GatewayCase.PRINTER.print(EnvoyAcceptsGoldensTest.bootstrap(resources)), scratch);
        }
    }
}
