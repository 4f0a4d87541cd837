// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Every message of Envoy's v3 API. The files' names are those that a native image keeps for reflection, so one list serves both.
 * Loaded at its first use: a cluster without Envoy configurations doesn't pay for it.
 */
final class EnvoyTypes {
    /** Where a native image looks for it as well. */
    static final String INDEX = "/META-INF/native-image/dev.kumo/gateway-service/reflect-config.json";

    private static final Pattern VERSION_2 = Pattern.compile("envoy\\.(.*\\.)?v2(alpha\\d*)?(\\..*)?");

    static final TypeRegistry REGISTRY = load();
    static final JsonFormat.Parser PARSER = JsonFormat.parser().usingTypeRegistry(REGISTRY);

    private EnvoyTypes() {}

    static Optional<Descriptor> find(String name) {
        return Optional.ofNullable(REGISTRY.find(name));
    }

    /** Whether the name is one of Envoy's API version 2. */
    static boolean isVersion2(String name) {
        return VERSION_2.matcher(name).matches();
    }

    private static TypeRegistry load() {
        var types = TypeRegistry.newBuilder();
        files().forEach(file -> file.getMessageTypes().forEach(types::add));
        return types.build();
    }

    static List<FileDescriptor> files() {
        var files = new ArrayList<FileDescriptor>();
        try (var stream = Objects.requireNonNull(EnvoyTypes.class.getResourceAsStream(INDEX), INDEX)) {
            for (JsonNode entry : new ObjectMapper().readTree(stream)) {
                files.add(file(entry.path("name").asText()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static FileDescriptor file(String name) {
        try {
            return (FileDescriptor)
                    Class.forName(name).getMethod("getDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the list of Envoy's types names none: " + name, e);
        }
    }
}
