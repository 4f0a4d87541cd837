// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Law 1: planners are functions of values. */
class PurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.kumo.policy");

    @Test
    void modelsAndPlannersKnowNoClientNoClockAndNoThread() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.kumo.policy.plan..", "dev.kumo.policy.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.grpc..", "io.quarkus..", "io.smallrye..", "jakarta..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Random.class, Thread.class)
                .check(CLASSES);
    }

    @Test
    void theParserKnowsObjectsButNoClient() {
        noClasses()
                .that()
                .resideInAPackage("dev.kumo.policy.parse..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.grpc..",
                        "io.quarkus..",
                        "dev.kumo.policy.plan..",
                        "dev.kumo.policy.app..")
                .check(CLASSES);
    }
}
