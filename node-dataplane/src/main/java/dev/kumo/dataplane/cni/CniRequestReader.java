// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.endpoint.Addition;
import dev.kumo.dataplane.endpoint.Attachment;
import java.util.LinkedHashSet;
import java.util.Set;

/** {@code {"env": …, "config": …}} → request, or a {@link CniException} that says what is wrong with it. */
final class CniRequestReader {
    private CniRequestReader() {}

    static CniRequest read(JsonNode root) {
        if (!(root.path("config") instanceof ObjectNode json)) {
            throw new CniException(CniException.DECODING_FAILURE, "the network configuration is not an object", "");
        }
        var environment = new CniEnvironment(root.path("env"));
        var config = new CniConfig(version(json), json);
        return switch (environment.command()) {
            case "ADD" -> addition(environment, config);
            case "DEL" -> new CniRequest.Delete(environment.attachment(), config);
            case "CHECK" -> check(environment, since("0.4.0", config));
            case "STATUS" -> new CniRequest.Status(since("1.1.0", config));
            case "GC" -> collection(since("1.1.0", config));
            default -> throw CniEnvironment.invalid("CNI_COMMAND", environment.command());
        };
    }

    private static CniRequest addition(CniEnvironment environment, CniConfig config) {
        if (config.at("ipam").isObject() && !config.at("ipam").isEmpty()) {
            throw new CniException(CniException.UNSUPPORTED_FIELD, "unsupported field", "ipam: " + config.at("ipam"));
        }
        var addition = new Addition(
                environment.attachment(),
                environment.pod(),
                environment.netns(),
                PortMappingReader.read(config.at("runtimeConfig")));
        return new CniRequest.Add(addition, config);
    }

    private static CniRequest check(CniEnvironment environment, CniConfig config) {
        if (config.previousResult().isEmpty()) {
            throw new CniException(CniException.INVALID_CONFIG, "invalid network configuration", "no prevResult");
        }
        return new CniRequest.Check(environment.attachment(), environment.netns(), config);
    }

    /** A list that is missing isn't an empty one: nothing would be left. Go writes an empty one as null. */
    private static CniRequest collection(CniConfig config) {
        var list = config.at("cni.dev/valid-attachments");
        if (!list.isArray() && !list.isNull()) {
            throw new CniException(
                    CniException.INVALID_CONFIG, "invalid network configuration", "no cni.dev/valid-attachments");
        }
        Set<Attachment> valid = new LinkedHashSet<>();
        for (var entry : list) {
            var container = entry.path("containerID").asText("");
            var ifname = entry.path("ifname").asText("");
            if (container.isEmpty() || ifname.isEmpty()) {
                throw new CniException(
                        CniException.INVALID_CONFIG,
                        "invalid network configuration",
                        "cni.dev/valid-attachments: " + entry);
            }
            valid.add(new Attachment(container, ifname));
        }
        return new CniRequest.Collect(valid, config);
    }

    private static String version(ObjectNode json) {
        var version = json.path("cniVersion").asText("");
        if (!CniConfig.VERSIONS.contains(version)) {
            throw new CniException(
                    CniException.INCOMPATIBLE_VERSION,
                    "incompatible CNI version",
                    "'%s' is none of %s".formatted(version, CniConfig.VERSIONS));
        }
        return version;
    }

    private static CniConfig since(String version, CniConfig config) {
        if (!config.isAtLeast(version)) {
            throw new CniException(
                    CniException.INCOMPATIBLE_VERSION,
                    "incompatible CNI version",
                    "%s doesn't have this command, %s has".formatted(config.version(), version));
        }
        return config;
    }
}
