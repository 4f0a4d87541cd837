// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumo.dataplane.endpoint.Attachment;
import dev.kumo.dataplane.endpoint.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The CNI_ variables of a call, judged when they are asked for. */
record CniEnvironment(JsonNode variables) {
    private static final Pattern CONTAINER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    /** As the kernel's dev_valid_name() has it. */
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.\\.?$)[^/:\\s]{1,15}");

    String command() {
        return require("CNI_COMMAND");
    }

    Attachment attachment() {
        return new Attachment(require("CNI_CONTAINERID", CONTAINER), require("CNI_IFNAME", INTERFACE));
    }

    String netns() {
        var path = require("CNI_NETNS");
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw invalid("CNI_NETNS", "not an absolute path: " + path);
        }
        return path;
    }

    /** The kubelet's words, which runtimes pass on in CNI_ARGS. */
    Pod pod() {
        var arguments = arguments();
        return new Pod(
                argument(arguments, "K8S_POD_UID"),
                argument(arguments, "K8S_POD_NAMESPACE"),
                argument(arguments, "K8S_POD_NAME"));
    }

    static CniException invalid(String name, String why) {
        return new CniException(CniException.INVALID_ENVIRONMENT, "invalid environment variable", name + ": " + why);
    }

    private Map<String, String> arguments() {
        var arguments = new HashMap<String, String>();
        for (var pair : require("CNI_ARGS").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw invalid("CNI_ARGS", "not pairs of key=value: " + pair);
            }
            arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return arguments;
    }

    private static String argument(Map<String, String> arguments, String name) {
        var value = arguments.get(name);
        if (value == null || value.isEmpty()) {
            throw invalid("CNI_ARGS", name + " is missing");
        }
        return value;
    }

    private String require(String name) {
        var value = variables.path(name).asText("");
        if (value.isEmpty()) {
            throw invalid(name, "missing");
        }
        return value;
    }

    private String require(String name, Pattern pattern) {
        var value = require(name);
        if (!pattern.matcher(value).matches()) {
            throw invalid(name, value);
        }
        return value;
    }
}
