// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.ConditionView;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressSeqRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts a pool's addresses and says how it stands. Stateless. */
final class PoolCounting {
    private final Set<AddressFamily> served;

    PoolCounting(Set<AddressFamily> served) {
        this.served = served;
    }

    /** @param used every address that a Service has */
    PoolAllocation count(Pool pool, Set<IPAddress> used) {
        var blocks = pool.blocks().stream()
                .filter(block -> served.contains(block.family()))
                .toList();
        long mine = used.stream()
                .filter(address -> blocks.stream().anyMatch(block -> block.contains(address)))
                .count();
        var total = size(blocks).subtract(BigInteger.valueOf(keptBack(blocks, used)));
        return allocation(pool, total, BigInteger.valueOf(mine));
    }

    /** Overlapping blocks count once. */
    private static BigInteger size(List<Block> blocks) {
        var ranges = blocks.stream().map(Block::range).toArray(IPAddressSeqRange[]::new);
        return Arrays.stream(ranges.length == 0 ? ranges : IPAddressSeqRange.join(ranges))
                .map(IPAddressSeqRange::getCount)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** First and last addresses that nobody has and nobody gets. */
    private static long keptBack(List<Block> blocks, Set<IPAddress> used) {
        var edges = new HashSet<IPAddress>();
        for (var block : blocks) {
            if (block.edges()) {
                edges.add(block.range().getLower());
                edges.add(block.range().getUpper());
            }
        }
        edges.removeAll(used);
        return edges.size();
    }

    private static PoolAllocation allocation(Pool pool, BigInteger total, BigInteger used) {
        long generation = pool.view().stamp().generation();
        var conditions = new ArrayList<ConditionView>();
        conditions.add(pool.conflict()
                .map(why -> new ConditionView(
                        Conditions.POOL_CONFLICT, "True", generation, AddressReason.CIDR_OVERLAP.text(), why))
                .orElseGet(() -> new ConditionView(
                        Conditions.POOL_CONFLICT, "False", generation, Conditions.REASON_RESOLVED, "")));
        conditions.add(number(Conditions.IPS_TOTAL, total, generation));
        conditions.add(number(Conditions.IPS_AVAILABLE, total.subtract(used), generation));
        conditions.add(number(Conditions.IPS_USED, used, generation));
        pool.summary()
                .ifPresent(fault -> conditions.add(new ConditionView(
                        Conditions.SPEC_ACCEPTED,
                        "False",
                        generation,
                        fault.reason().text(),
                        fault.message())));
        conditions.sort(Comparator.comparing(ConditionView::type));
        return new PoolAllocation(pool.name(), total, used, pool.conflict().isPresent(), conditions);
    }

    private static ConditionView number(String type, BigInteger number, long generation) {
        return new ConditionView(type, "Unknown", generation, Conditions.REASON_NONE, number.toString());
    }
}
