// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.model.ServiceRef;
import inet.ipaddr.IPAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All pools and Services of the cluster, in any order.
 *
 * @param unreadable pools that do not fit their schema, by name: why not
 * @param unseen addresses that were written to Services and not yet seen through the watch
 */
public record AllocationInputs(
        List<PoolView> pools,
        SortedMap<String, String> unreadable,
        List<ServiceClaim> services,
        SortedMap<ServiceRef, List<IPAddress>> unseen) {
    public AllocationInputs {
        pools = List.copyOf(pools);
        unreadable = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) unreadable));
        services = List.copyOf(services);
        unseen = Collections.unmodifiableSortedMap(new TreeMap<>((Map<ServiceRef, List<IPAddress>>) unseen));
    }
}
