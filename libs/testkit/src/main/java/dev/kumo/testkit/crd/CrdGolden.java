// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Holds the installed YAML of a kind equal to what its records say. {@code -Dgolden.update=true} rewrites the file; a
 * missing file is a failure like any other difference.
 */
public final class CrdGolden {
    private static final Path FOLDER = Path.of("..", "k8s", "base", "crds");
    private static final String HEADER = "# SPDX-License-Identifier: Apache-2.0\n"
            + "# Generated from the records of the owning service; change those, then test with -Dgolden.update=true.\n";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private CrdGolden() {}

    /** Compares {@code k8s/base/crds/<plural>.yaml} with the definition generated from the classes of its versions. */
    public static void check(List<Class<? extends HasMetadata>> versions) throws IOException {
        var crd = CrdGenerator.generate(versions);
        var file = FOLDER.resolve(crd.getSpec().getNames().getPlural() + ".yaml");
        var generated = HEADER + YAML.writeValueAsString(crd);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, generated);
        }
        assertThat(file).content().isEqualTo(generated);
    }
}
