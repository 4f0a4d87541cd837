// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Service with what it asks of address management and what that last said about it.
 *
 * @param selector of its pods; empty if it has none
 * @param conditions {@code status.conditions}
 */
public record ServiceClaim(
        ServiceView service,
        ObjectStamp stamp,
        AddressRequest request,
        SortedMap<String, String> labels,
        SortedMap<String, String> selector,
        List<ConditionView> conditions) {
    public ServiceClaim {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) labels));
        selector = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) selector));
        conditions = List.copyOf(conditions);
    }
}
