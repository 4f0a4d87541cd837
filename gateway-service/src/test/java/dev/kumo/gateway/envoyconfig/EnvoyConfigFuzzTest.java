// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigConditions;
import dev.kumo.gateway.envoyconfig.plan.Progress;
import dev.kumo.testkit.fuzz.MutatedCases;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class EnvoyConfigFuzzTest {
    private static final MutatedCases CASES = MutatedCases.ofGoldens(
            List.of(Path.of("src/test/resources/envoyconfig")),
            Set.of("CiliumEnvoyConfig", "CiliumClusterwideEnvoyConfig"));

    @FuzzTest
    void nearlyRightResourcesAreAcceptedOrRefusedWithAReason(FuzzedDataProvider data) {
        var documents = CASES.documents(data);
        var readable = MutatedCases.readable(() -> new EnvoyConfigCase(documents));
        if (readable.isEmpty()) {
            return;
        }
        var found = readable.get();
        var served = new Progress(Progress.State.SERVED, "every node serves it");
        assertThat(found.plan().stream().flatMap(planned -> EnvoyConfigConditions.of(planned, served).stream()))
                .as(String.join("---\n", documents))
                .isNotEmpty()
                .allMatch(condition ->
                        !condition.reason().isBlank() && !condition.message().isBlank());
        assertThat(found.text()).isNotBlank();
    }
}
