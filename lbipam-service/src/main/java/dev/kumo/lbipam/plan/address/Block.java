// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.PoolView.BlockView;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressSeqRange;

/**
 * Consecutive addresses of a pool.
 *
 * @param text as messages call it
 * @param edges whether the first and last are kept back
 */
record Block(String text, IPAddressSeqRange range, boolean edges) {
    private static final int SMALLEST_WITH_EDGES = 4;

    /** What is wrong with a block, for people. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message, null, false, false);
        }
    }

    /** @param firstAndLast whether a block in prefix notation gives these too */
    static Block of(BlockView view, boolean firstAndLast) throws Invalid {
        if (!view.cidr().isEmpty() && !(view.start() + view.stop()).isEmpty()) {
            throw new Invalid("it has both cidr and start or stop; give one of them");
        }
        return view.cidr().isEmpty() ? range(view) : cidr(view.cidr(), firstAndLast);
    }

    private static Block cidr(String cidr, boolean firstAndLast) throws Invalid {
        var prefix = AddressText.prefix(cidr)
                .orElseThrow(
                        () -> new Invalid("cidr '%s' is no address block; write it as 192.0.2.0/24".formatted(cidr)));
        var range = prefix.getLower()
                .withoutPrefixLength()
                .spanWithRange(prefix.getUpper().withoutPrefixLength());
        boolean large =
                range.getCount().bitLength() > Integer.SIZE || range.getCount().longValueExact() >= SMALLEST_WITH_EDGES;
        return new Block("CIDR '" + cidr + "'", range, !firstAndLast && large);
    }

    private static Block range(BlockView view) throws Invalid {
        if (view.start().isEmpty()) {
            throw new Invalid("it names no address; give cidr, or start and stop");
        }
        var start = address("start", view.start());
        if (view.stop().isEmpty()) {
            return new Block("address '" + view.start() + "'", start.spanWithRange(start), false);
        }
        var stop = address("stop", view.stop());
        if (start.isIPv4() != stop.isIPv4()) {
            throw new Invalid(
                    "start '%s' and stop '%s' are of different families".formatted(view.start(), view.stop()));
        }
        if (start.compareTo(stop) > 0) {
            throw new Invalid("start '%s' is after stop '%s'; exchange them".formatted(view.start(), view.stop()));
        }
        return new Block("range '%s - %s'".formatted(view.start(), view.stop()), start.spanWithRange(stop), false);
    }

    private static IPAddress address(String field, String text) throws Invalid {
        return AddressText.address(text)
                .orElseThrow(() -> new Invalid("%s '%s' is no IP address".formatted(field, text)));
    }

    AddressFamily family() {
        return range.isIPv4() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    boolean contains(IPAddress address) {
        return address.isIPv4() == range.isIPv4() && range.contains(address);
    }

    /** Whether the address is kept back as the block's first or last. */
    boolean keepsBack(IPAddress address) {
        return edges && (address.equals(range.getLower()) || address.equals(range.getUpper()));
    }

    boolean overlaps(Block other) {
        return range.isIPv4() == other.range.isIPv4() && range.overlaps(other.range);
    }
}
