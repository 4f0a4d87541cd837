// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway;

import dev.kumo.testkit.ArchitectureRules;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void layersPointOneWayAndPlannersArePure() {
        ArchitectureRules.check(Path.of("target/classes"));
    }
}
