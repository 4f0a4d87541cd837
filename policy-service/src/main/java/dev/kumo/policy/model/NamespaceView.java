// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a Namespace that goes into its pods' identities.
 *
 * @param labels those that count for identities ({@link LabelFilter})
 */
public record NamespaceView(String name, SortedMap<String, String> labels) {
    /** What a namespace's label is called in an identity: this, then its key. */
    public static final String LABEL_PREFIX = "io.cilium.k8s.namespace.labels.";

    public NamespaceView {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
    }
}
