// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.PoolView;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * A pool as it was understood.
 *
 * @param blocks those that are valid, in the pool's order
 * @param faults what of the pool gives no addresses, by weight
 * @param conflict why the pool gives no new addresses though its blocks are valid; empty if it does
 */
record Pool(PoolView view, List<Block> blocks, Selector selector, List<Fault> faults, Optional<String> conflict) {
    Pool {
        blocks = List.copyOf(blocks);
        faults = List.copyOf(faults);
    }

    record Fault(AddressReason reason, String message) {}

    Pool conflicting(String why) {
        return new Pool(view, blocks, selector, faults, Optional.of(why));
    }

    String name() {
        return view.name();
    }

    boolean givesNew() {
        return !view.disabled() && conflict.isEmpty() && !hasFault(AddressReason.INVALID_SELECTOR);
    }

    boolean selects(SortedMap<String, String> labels) {
        return !hasFault(AddressReason.INVALID_SELECTOR) && selector.matches(labels);
    }

    /**
     * Whether the address may be this pool's and for a Service of these labels: certainly, or by a block or selector that
     * cannot be read. What is held stays then.
     */
    boolean mayCover(IPAddress address, SortedMap<String, String> labels) {
        return (hasFault(AddressReason.INVALID_SELECTOR) || selector.matches(labels))
                && (hasFault(AddressReason.INVALID_BLOCK) || contains(address));
    }

    boolean contains(IPAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    boolean keepsBack(IPAddress address) {
        return blocks.stream().anyMatch(block -> block.keepsBack(address));
    }

    /** Why it gives no new addresses, for people: "is disabled". */
    String refusal() {
        if (view.disabled()) {
            return "is disabled";
        }
        return conflict.isPresent() ? "is in conflict with another" : "has a selector that cannot be evaluated";
    }

    Optional<Fault> summary() {
        return faults.stream()
                .findFirst()
                .map(first -> new Fault(
                        first.reason(), faults.stream().map(Fault::message).collect(Collectors.joining("; "))));
    }

    private boolean hasFault(AddressReason reason) {
        return faults.stream().anyMatch(fault -> fault.reason() == reason);
    }
}
