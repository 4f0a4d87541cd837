// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

import java.util.Comparator;

/**
 * What is wrong with a configuration.
 *
 * @param path of the field, such as {@code resources[0].filterChains[0]}; empty if it is the object as a whole
 */
public record EnvoyConfigFault(EnvoyConfigReason reason, String path, String why)
        implements Comparable<EnvoyConfigFault> {
    private static final Comparator<EnvoyConfigFault> ORDER = Comparator.comparing(EnvoyConfigFault::reason)
            .thenComparing(EnvoyConfigFault::path)
            .thenComparing(EnvoyConfigFault::why);

    /** For people. */
    public String message() {
        return path.isEmpty() ? why : path + ": " + why;
    }

    @Override
    public int compareTo(EnvoyConfigFault other) {
        return ORDER.compare(this, other);
    }
}
