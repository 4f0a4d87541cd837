// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.util.List;

/**
 * A CiliumLoadBalancerIPPool as written.
 *
 * @param firstAndLast whether the first and last address of a block may be given out
 * @param conditions {@code status.conditions}
 */
public record PoolView(
        String name,
        ObjectStamp stamp,
        List<BlockView> blocks,
        SelectorView selector,
        boolean disabled,
        boolean firstAndLast,
        List<ConditionView> conditions) {
    public PoolView {
        blocks = List.copyOf(blocks);
        conditions = List.copyOf(conditions);
    }

    /** Each is empty if absent. */
    public record BlockView(String cidr, String start, String stop) {}
}
