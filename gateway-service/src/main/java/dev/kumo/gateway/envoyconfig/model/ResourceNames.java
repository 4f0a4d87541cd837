// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

import dev.kumo.gateway.model.ObjectKey;

/**
 * Envoy names of a configuration's resources: {@code <namespace>/<configuration>/<resource>}, without a namespace for a clusterwide
 * one. Cilium leaves cluster names with a slash as they are; here they are qualified as well, so that no object can
 * redefine another's resource.
 */
public record ResourceNames(ObjectKey owner) {
    /** Idempotent; an empty name stays empty. */
    public String qualify(String name) {
        return name.isEmpty() || name.startsWith(prefix()) ? name : prefix() + name;
    }

    /** The name as it is without the qualification. */
    public String local(String name) {
        return name.startsWith(prefix()) ? name.substring(prefix().length()) : name;
    }

    private String prefix() {
        return owner + "/";
    }
}
