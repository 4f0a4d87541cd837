// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.Map;

/** A node. @param ready as its condition Ready says */
public record NodeView(String name, boolean ready, Map<String, String> labels) {
    public NodeView {
        labels = Map.copyOf(labels);
    }
}
