// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.endpoint.PortMapping;
import dev.kumo.dataplane.endpoint.PortMapping.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The capability portMappings (CNI's CONVENTIONS.md): hostPorts of the pod's containers. Names are read whatever their case:
 * containerd writes {@code HostPort} for {@code hostPort}.
 */
final class PortMappingReader {
    private PortMappingReader() {}

    static List<PortMapping> read(JsonNode runtimeConfig) {
        var mappings = new ArrayList<PortMapping>();
        for (var entry : runtimeConfig.path("portMappings")) {
            // The kubelet lists every container port; those without a host port mean nothing.
            if (field(entry, "hostPort").asInt(0) != 0) {
                mappings.add(new PortMapping(
                        address(entry), port(entry, "hostPort"), port(entry, "containerPort"), protocol(entry)));
            }
        }
        return List.copyOf(mappings);
    }

    private static Protocol protocol(JsonNode entry) {
        var name = field(entry, "protocol").asText("tcp").toUpperCase(Locale.ROOT);
        for (var protocol : Protocol.values()) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        throw new CniException(
                CniException.UNSUPPORTED_FIELD, "unsupported field", "runtimeConfig.portMappings.protocol: " + name);
    }

    private static @Nullable Address address(JsonNode entry) {
        var text = field(entry, "hostIP").asText("");
        try {
            return text.isEmpty() ? null : Address.of(text);
        } catch (IllegalArgumentException e) {
            throw invalid(entry, "hostIP");
        }
    }

    private static int port(JsonNode entry, String name) {
        int port = field(entry, name).asInt(0);
        if (port < 1 || port > 65535) {
            throw invalid(entry, name);
        }
        return port;
    }

    private static CniException invalid(JsonNode entry, String name) {
        return new CniException(
                CniException.INVALID_CONFIG,
                "invalid network configuration",
                "runtimeConfig.portMappings.%s: %s".formatted(name, field(entry, name)));
    }

    private static JsonNode field(JsonNode entry, String name) {
        for (var property : entry.properties()) {
            if (property.getKey().equalsIgnoreCase(name)) {
                return property.getValue();
            }
        }
        return MissingNode.getInstance();
    }
}
