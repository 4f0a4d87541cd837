// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;
import java.util.List;
import java.util.SortedMap;

/**
 * The Service of type LoadBalancer that gives a Gateway its address; it selects no pod.
 *
 * @param gateway its owner
 * @param ports ascending; each is named {@code port-<n>}
 */
public record GatewayService(
        ObjectKey key,
        ObjectKey gateway,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<Integer> ports) {}
