// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The part of a Namespace that goes into its pods' identities. */
public record NamespaceView(String name, SortedMap<String, String> labels) {
    public NamespaceView {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
    }
}
