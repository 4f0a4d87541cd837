// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import java.math.BigInteger;
import java.util.List;

/**
 * What a pool's status should say.
 *
 * @param total addresses that the pool can give
 * @param used those that a Service has
 */
public record PoolAllocation(
        String pool, BigInteger total, BigInteger used, boolean conflicting, List<ConditionView> conditions) {
    public PoolAllocation {
        conditions = List.copyOf(conditions);
    }

    public BigInteger available() {
        return total.subtract(used);
    }
}
