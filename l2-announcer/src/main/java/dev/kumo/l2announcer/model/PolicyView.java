// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.List;

/**
 * A CiliumL2AnnouncementPolicy as written.
 *
 * @param interfaces regular expressions of Go's syntax; any link if there is none
 * @param conditions {@code status.conditions}
 */
public record PolicyView(
        String name,
        long generation,
        SelectorView serviceSelector,
        SelectorView nodeSelector,
        List<String> interfaces,
        boolean externalIps,
        boolean loadBalancerIps,
        List<ConditionView> conditions) {
    public PolicyView {
        interfaces = List.copyOf(interfaces);
        conditions = List.copyOf(conditions);
    }
}
