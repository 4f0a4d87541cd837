// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;

/**
 * What holds in every module: planners and models are pure, layers point one way, names say what a thing is. Checked on the
 * module's compiled classes.
 */
public final class ArchitectureRules {
    private static final List<ArchRule> RULES = List.of(
            noClasses()
                    .that()
                    .resideInAnyPackage("..plan..", "..model..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.fabric8..",
                            "io.grpc..",
                            "io.quarkus..",
                            "io.smallrye..",
                            "io.vertx..",
                            "jakarta..",
                            "com.google.protobuf..",
                            "dev.kumo.kube..",
                            "dev.kumo.stream..",
                            "dev.kumo.contract..")
                    .as("planners and models know neither Kubernetes' client nor feeds nor Quarkus"),
            noClasses()
                    .that()
                    .resideInAnyPackage("..plan..", "..model..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.time.Clock")
                    .orShould()
                    .dependOnClassesThat()
                    .haveNameMatching("java\\.util\\.(Random|UUID)|java\\.security\\.SecureRandom|java\\.lang\\.Thread")
                    .orShould()
                    .callMethodWhere(target(nameMatching("now|nanoTime|currentTimeMillis|random|getenv"))
                            .and(target(owner(nameMatching("java\\.(time|lang)\\..*")))))
                    .as("planners and models have no clock, no chance, no thread, no environment"),
            noClasses()
                    .that()
                    .resideInAnyPackage("..plan..", "..model..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..app..", "..publish..")
                    .as("wiring knows planners, never the other way"),
            noClasses()
                    .that()
                    .resideInAPackage("..publish..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..app..")
                    .as("wiring knows publishing, never the other way"),
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Impl)$").as("a name says what a thing is"));

    private ArchitectureRules() {}

    /** @param classes where the module's classes are, such as {@code target/classes} */
    public static void check(Path classes) {
        JavaClasses imported = new ClassFileImporter().importPath(classes);
        RULES.forEach(rule -> rule.allowEmptyShould(true).check(imported));
    }
}
