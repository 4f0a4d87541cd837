// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Generates one CustomResourceDefinition from the classes of its versions. What fabric8's generator cannot express is
 * added by {@link CrdCustomiser}.
 */
public final class CrdGenerator {
    private CrdGenerator() {}

    /** The definition of one kind; {@code versions} are its classes, one a version, all of the same plural and group. */
    public static CustomResourceDefinition generate(List<Class<? extends HasMetadata>> versions) {
        var yaml = new ByteArrayOutputStream();
        new CRDGenerator()
                .customResourceClasses(versions)
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .withOutput(new SingleOutput(yaml))
                .generate();
        var crd = new KubernetesSerialization()
                .unmarshal(yaml.toString(StandardCharsets.UTF_8), CustomResourceDefinition.class);
        return CrdCustomiser.customise(crd, versions);
    }

    /** Refuses a second definition: the classes given were then not versions of one kind. */
    private static final class SingleOutput extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
        private final ByteArrayOutputStream stream;
        private boolean used;

        SingleOutput(ByteArrayOutputStream stream) {
            this.stream = stream;
        }

        @Override
        protected ByteArrayOutputStream createStreamFor(String crdName) throws IOException {
            if (used) {
                throw new UncheckedIOException(new IOException("more than one kind given; second is " + crdName));
            }
            used = true;
            return stream;
        }
    }
}
