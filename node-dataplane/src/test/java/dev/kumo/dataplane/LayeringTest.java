// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.kumo.dataplane.reconcile.Manager;
import org.junit.jupiter.api.Test;

/** Who may know whom in the dataplane. */
class LayeringTest {
    private static final String ROOT = "dev.kumo.dataplane.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kumo.dataplane");

    @Test
    void nativeCallsAreMadeInOnePackageAndAskedForByTwo() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "bpf.jna")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "bpf", ROOT + "bpf.jna", ROOT + "link")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "bpf.jna")
                .check(CLASSES);
    }

    @Test
    void nobodyKnowsTheWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "app")
                .check(CLASSES);
    }

    @Test
    void reconcilingKnowsNoFeature() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "reconcile", ROOT + "desired", ROOT + "bpf..", ROOT + "link")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "node", ROOT + "service", ROOT + "endpoint", ROOT + "cni", ROOT + "feed", ROOT + "debug")
                .check(CLASSES);
    }

    @Test
    void onlyTheWatchOfReplicasAndTheWiringKnowKubernetes() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "app", ROOT + "feed")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "dev.kumo.kube..")
                .check(CLASSES);
    }

    @Test
    void managersSpeakToNoReplica() {
        classes()
                .that()
                .implement(Manager.class)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("io.grpc..", "io.fabric8..", "dev.kumo.stream.node..")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(CLASSES);
    }
}
