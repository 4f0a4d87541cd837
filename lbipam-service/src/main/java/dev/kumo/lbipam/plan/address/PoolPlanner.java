// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.plan.address.Pool.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Understands pools and settles which of two that overlap gives addresses: the older one, by creationTimestamp, then name. A
 * pool that yields keeps what it gave. Stateless; any thread.
 */
final class PoolPlanner {
    private static final Comparator<PoolView> AGE =
            Comparator.comparing((PoolView pool) -> pool.stamp().created()).thenComparing(PoolView::name);

    private final Set<AddressFamily> served;

    /** @param served families that nodes serve; blocks of others give nothing */
    PoolPlanner(Set<AddressFamily> served) {
        this.served = Set.copyOf(served);
    }

    /** @return oldest first */
    List<Pool> plan(Collection<PoolView> views) {
        var settled = new ArrayList<Pool>();
        for (var view : views.stream().sorted(AGE).toList()) {
            var pool = read(view);
            settled.add(conflict(pool, settled).map(pool::conflicting).orElse(pool));
        }
        return settled;
    }

    private Pool read(PoolView view) {
        var faults = new ArrayList<Fault>();
        var blocks = new ArrayList<Block>();
        var selector = new Selector(view.selector());
        selector.fault()
                .ifPresent(fault -> faults.add(new Fault(
                        AddressReason.INVALID_SELECTOR,
                        "serviceSelector: %s; until then the pool gives no new address".formatted(fault))));
        for (int i = 0; i < view.blocks().size(); i++) {
            try {
                var block = Block.of(view.blocks().get(i), view.firstAndLast());
                blocks.add(block);
                if (!served.contains(block.family())) {
                    faults.add(new Fault(
                            AddressReason.ADDRESS_FAMILY_NOT_SERVED,
                            "block %d, %s, is %s: nodes serve %s only, so no address of it is given"
                                    .formatted(i + 1, block.text(), block.family(), servedText())));
                }
            } catch (Block.Invalid invalid) {
                faults.add(
                        new Fault(AddressReason.INVALID_BLOCK, "block %d: %s".formatted(i + 1, invalid.getMessage())));
            }
        }
        faults.sort(Comparator.comparing((Fault fault) -> fault.reason() == AddressReason.ADDRESS_FAMILY_NOT_SERVED));
        return new Pool(view, blocks, selector, faults, Optional.empty());
    }

    private String servedText() {
        return String.join(
                " and ", served.stream().map(AddressFamily::toString).sorted().toList());
    }

    /** @param older pools that are settled */
    private static Optional<String> conflict(Pool pool, List<Pool> older) {
        for (int i = 0; i < pool.blocks().size(); i++) {
            var block = pool.blocks().get(i);
            for (var other : pool.blocks().subList(0, i)) {
                if (block.overlaps(other)) {
                    return Optional.of(message(block, other, pool));
                }
            }
        }
        for (var other : older) {
            if (other.conflict().isEmpty()) {
                for (var block : pool.blocks()) {
                    var hit = other.blocks().stream().filter(block::overlaps).findFirst();
                    if (hit.isPresent()) {
                        return Optional.of(message(block, hit.get(), other));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String message(Block mine, Block theirs, Pool other) {
        return "Pool conflicts since %s overlaps %s from IP Pool '%s'; change one of the two blocks"
                .formatted(mine.text(), theirs.text(), other.name());
    }
}
