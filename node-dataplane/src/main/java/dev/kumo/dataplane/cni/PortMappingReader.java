// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumo.dataplane.endpoint.PortMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The capability portMappings (CNI's CONVENTIONS.md): hostPorts of the pod's containers. */
final class PortMappingReader {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp");

    private PortMappingReader() {}

    static List<PortMapping> read(JsonNode runtimeConfig) {
        var mappings = new ArrayList<PortMapping>();
        for (var entry : runtimeConfig.path("portMappings")) {
            // The kubelet lists every container port; those without a host port mean nothing.
            if (entry.path("hostPort").asInt(0) != 0) {
                mappings.add(mapping(entry));
            }
        }
        return List.copyOf(mappings);
    }

    private static PortMapping mapping(JsonNode entry) {
        var protocol = entry.path("protocol").asText("tcp").toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            throw new CniException(
                    CniException.UNSUPPORTED_FIELD,
                    "unsupported field",
                    "runtimeConfig.portMappings.protocol: " + protocol);
        }
        return new PortMapping(
                entry.path("hostIP").asText(""), port(entry, "hostPort"), port(entry, "containerPort"), protocol);
    }

    private static int port(JsonNode entry, String name) {
        int port = entry.path(name).asInt(0);
        if (port < 1 || port > 65535) {
            throw new CniException(
                    CniException.INVALID_CONFIG,
                    "invalid network configuration",
                    "runtimeConfig.portMappings.%s: %s".formatted(name, entry.path(name)));
        }
        return port;
    }
}
