// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of a core/v1 Service that rules by Service need.
 *
 * @param labels of the Service itself, source {@code k8s}
 * @param podSelector {@code spec.selector}; empty if it has none
 * @param addresses of its EndpointSlices, as blocks of one address; matter only without a selector
 */
public record ServiceView(
        String namespace,
        String name,
        SecurityLabels labels,
        SortedMap<String, String> podSelector,
        SortedSet<CidrBlock> addresses) {
    public ServiceView {
        podSelector = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) podSelector));
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<CidrBlock>) addresses));
    }

    public ServiceView withAddresses(SortedSet<CidrBlock> found) {
        return new ServiceView(namespace, name, labels, podSelector, found);
    }
}
