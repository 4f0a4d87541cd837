// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EnvoyTypesTest {
    private static final Path INDEX = Path.of("src/main/resources" + EnvoyTypes.INDEX);

    /** {@code -Dgolden.update=true} writes it. */
    @Test
    void everyFileOfEnvoysVersion3IsListed() throws IOException, URISyntaxException {
        var index = files().stream()
                .map(name ->
                        "  {\"name\": \"%s\", \"methods\": [{\"name\": \"getDescriptor\", \"parameterTypes\": []}]}"
                                .formatted(name))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(INDEX, index);
        }
        assertThat(INDEX).content().isEqualTo(index);
    }

    @Test
    void extensionsThatNobodyRefersToAreKnown() {
        assertThat(EnvoyTypes.find("envoy.extensions.filters.http.lua.v3.Lua"))
                .map(Descriptor::getFullName)
                .contains("envoy.extensions.filters.http.lua.v3.Lua");
        assertThat(EnvoyTypes.find("envoy.extensions.filters.http.router.v3.Router"))
                .isPresent();
    }

    @Test
    void version2IsToldByItsName() {
        assertThat(List.of(
                        "envoy.api.v2.Listener",
                        "envoy.config.filter.network.http_connection_manager.v2.HttpConnectionManager",
                        "envoy.config.filter.http.jwt_authn.v2alpha.JwtAuthentication"))
                .allMatch(EnvoyTypes::isVersion2);
        assertThat(List.of("envoy.config.listener.v3.Listener", "example.v2.Thing", "envoy.config.v3.v2Thing"))
                .noneMatch(EnvoyTypes::isVersion2);
    }

    private static List<String> files() throws IOException, URISyntaxException {
        var jar = Path.of(Listener.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.matches("io/envoyproxy/envoy/.*/v3/[A-Za-z0-9]+Proto\\.class"))
                    .map(name -> name.replace(".class", "").replace('/', '.'))
                    .filter(EnvoyTypesTest::isFile)
                    .sorted()
                    .toList();
        }
    }

    /** Messages whose names end alike are not. */
    private static boolean isFile(String name) {
        try {
            return Class.forName(name).getMethod("getDescriptor").getReturnType() == FileDescriptor.class;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(name, e);
        }
    }
}
