// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The network configuration as the runtime hands it to one plugin.
 *
 * @param version its cniVersion, one of {@link #VERSIONS}; results are written in it
 */
record CniConfig(String version, ObjectNode json) {
    /** Ascending. */
    static final List<String> VERSIONS = List.of("0.3.1", "0.4.0", "1.0.0", "1.1.0");

    static final String NEWEST = "1.1.0";

    /** What plugins before this one made. */
    Optional<ObjectNode> previousResult() {
        return json.path("prevResult") instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** What the configuration says of name servers; passed on into results. */
    Optional<ObjectNode> dns() {
        return json.path("dns") instanceof ObjectNode object && !object.isEmpty()
                ? Optional.of(object)
                : Optional.empty();
    }

    JsonNode at(String name) {
        return json.path(name);
    }

    boolean isAtLeast(String other) {
        return VERSIONS.indexOf(version) >= VERSIONS.indexOf(other);
    }
}
