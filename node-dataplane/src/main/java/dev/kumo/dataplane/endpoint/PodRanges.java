// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that pods of this node can have, numbered from 0: all of the IPv4 ranges in their order, without each one's
 * first and last. Immutable.
 */
record PodRanges(List<Range> ranges) {
    PodRanges {
        ranges = ranges.stream().filter(range -> range.address().isIpv4()).toList();
    }

    int size() {
        return ranges.stream().mapToInt(PodRanges::size).sum();
    }

    Address at(int number) {
        int left = number;
        for (var range : ranges) {
            int size = size(range);
            if (left < size) {
                return Address.ofIpv4(range.address().ipv4() + first(range) + left);
            }
            left -= size;
        }
        throw new IndexOutOfBoundsException(number);
    }

    /** -1 for an address outside. */
    int indexOf(@Nullable Address address) {
        if (address == null || !address.isIpv4()) {
            return -1;
        }
        int before = 0;
        for (var range : ranges) {
            int offset = address.ipv4() - range.address().ipv4() - first(range);
            if (offset >= 0 && offset < size(range)) {
                return before + offset;
            }
            before += size(range);
        }
        return -1;
    }

    private static int hostBits(Range range) {
        return 32 - range.bits();
    }

    /** A range of one or two addresses (RFC 3021) has neither a network's nor a broadcast address. */
    private static int first(Range range) {
        return hostBits(range) <= 1 ? 0 : 1;
    }

    private static int size(Range range) {
        return (1 << hostBits(range)) - 2 * first(range);
    }
}
