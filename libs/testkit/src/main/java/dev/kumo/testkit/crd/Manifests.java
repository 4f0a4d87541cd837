// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Decodes manifests into a module's own types; a property or value those don't know is an error, never dropped. */
public final class Manifests {
    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Manifests() {}

    /** The single document of the class path resource {@code /crd/<name>.yaml}. */
    public static <T extends HasMetadata> T read(Class<T> type, String name) throws IOException {
        return parse(type, text(type, name));
    }

    /** The text of the class path resource {@code /crd/<name>.yaml}. */
    public static String text(Class<?> type, String name) throws IOException {
        try (var stream = Objects.requireNonNull(type.getResourceAsStream("/crd/" + name + ".yaml"), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Decodes one document; the exception names the path of what it refuses. */
    public static <T extends HasMetadata> T parse(Class<T> type, String yaml) throws JsonProcessingException {
        return STRICT.readValue(yaml, type);
    }
}
