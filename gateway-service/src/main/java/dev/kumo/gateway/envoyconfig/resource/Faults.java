// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is wrong with one object, collected while it is read. Not thread-safe. */
public final class Faults {
    private final SortedSet<EnvoyConfigFault> found = new TreeSet<>();

    public void add(EnvoyConfigReason reason, String path, String why) {
        found.add(new EnvoyConfigFault(reason, path, why));
    }

    public List<EnvoyConfigFault> list() {
        return List.copyOf(found);
    }

    boolean none() {
        return found.isEmpty();
    }
}
