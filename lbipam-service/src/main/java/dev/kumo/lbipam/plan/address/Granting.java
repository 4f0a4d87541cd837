// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One plan in the making. Its three phases, each over all Services from the oldest: what is held stays, what is named is
 * given, then whatever is free. So no address moves for the sake of a new Service.
 */
final class Granting {
    private final List<Pool> pools;
    private final Ledger ledger;
    private final Set<AddressFamily> served;
    private final boolean unreadable;
    private final NamedAddresses named;
    private final Map<Block, Iterator<? extends IPAddress>> free = new HashMap<>();

    /**
     * @param pools oldest first
     * @param unreadable whether there is a pool of which nothing is known: whatever is held may be of it
     */
    Granting(List<Pool> pools, Ledger ledger, Set<AddressFamily> served, boolean unreadable) {
        this.pools = pools;
        this.ledger = ledger;
        this.served = served;
        this.unreadable = unreadable;
        this.named = new NamedAddresses(pools, ledger, served);
    }

    /** @param held what the Service's status shows, then what was written to it and is not yet seen */
    void keep(Grant grant, Collection<IPAddress> held) {
        for (var address : held) {
            if (!grant.addresses.contains(address) && stays(address, grant.request)) {
                grant.addresses.add(address);
                ledger.hold(address, grant.request);
            }
        }
    }

    void giveNamed(Grant grant) {
        grant.request
                .invalid()
                .forEach(text -> grant.refuse(
                        AddressReason.INVALID_REQUEST, "%s; correct it, what the Service has stays until then", text));
        for (var address : grant.request.addresses()) {
            if (!grant.addresses.contains(address)) {
                named.give(address, grant);
            }
        }
    }

    void giveAny(Grant grant) {
        if (grant.request.namesAddresses()) {
            return;
        }
        for (var family : grant.request.families()) {
            if (!grant.has(family)) {
                giveAny(grant, family);
            }
        }
    }

    private boolean stays(IPAddress address, ServiceRequest request) {
        return served.contains(AddressFamily.of(address))
                && request.wants(address)
                && (unreadable || pools.stream().anyMatch(pool -> pool.mayCover(address, request.labels())))
                && ledger.obstacle(address, request).isEmpty();
    }

    private void giveAny(Grant grant, AddressFamily family) {
        if (!served.contains(family)) {
            grant.refuse(
                    AddressReason.ADDRESS_FAMILY_NOT_SERVED,
                    "No %1$s address is given: nodes don't serve %1$s; ask for another ipFamilyPolicy or ipFamilies",
                    family);
            return;
        }
        shared(grant.request, family)
                .or(() -> unused(grant.request, family))
                .ifPresentOrElse(
                        address -> {
                            grant.addresses.add(address);
                            ledger.hold(address, grant.request);
                        },
                        () -> refuse(grant, family));
    }

    /** An address that Services with the same sharing key hold already. */
    private Optional<IPAddress> shared(ServiceRequest request, AddressFamily family) {
        return ledger.shared(Sharing.key(request)).stream()
                .filter(address -> AddressFamily.of(address) == family)
                .filter(address -> ledger.obstacle(address, request).isEmpty())
                .filter(address -> ledger.shownBy(address, request).isEmpty() && !ledger.isReserved(address))
                .filter(address ->
                        pools.stream().anyMatch(pool -> pool.contains(address) && pool.selects(request.labels())))
                .findFirst();
    }

    private Optional<IPAddress> unused(ServiceRequest request, AddressFamily family) {
        for (var pool : pools) {
            if (pool.givesNew() && pool.selects(request.labels())) {
                for (var block : pool.blocks()) {
                    var address = block.family() == family ? unused(block) : Optional.<IPAddress>empty();
                    if (address.isPresent()) {
                        return address;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The lowest; what was passed over once isn't looked at again in this plan, since nothing gets free in it. */
    private Optional<IPAddress> unused(Block block) {
        var rest = free.computeIfAbsent(block, key -> key.range().iterator());
        while (rest.hasNext()) {
            var address = rest.next();
            if (ledger.isFree(address) && !block.keepsBack(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private void refuse(Grant grant, AddressFamily family) {
        var selecting = pools.stream()
                .filter(pool -> pool.selects(grant.request.labels()))
                .filter(pool -> pool.blocks().stream().anyMatch(block -> block.family() == family))
                .toList();
        if (selecting.stream().anyMatch(Pool::givesNew)) {
            var names = selecting.stream()
                    .filter(Pool::givesNew)
                    .map(pool -> "'" + pool.name() + "'")
                    .toList();
            grant.refuse(
                    AddressReason.OUT_OF_IPS,
                    "All enabled CiliumLoadBalancerIPPools that match this service ran out of allocatable IPs%s; add a"
                            + " block to pool %s",
                    sharingObstacle(grant.request, family),
                    String.join(" or ", names));
            return;
        }
        grant.refuse(
                AddressReason.NO_POOL,
                "There are no enabled CiliumLoadBalancerIPPools that match this service%s",
                selecting.isEmpty() ? help(grant.request, family) : ": " + refusals(selecting));
    }

    /** Why what the sharing key leads to is of no use. */
    private String sharingObstacle(ServiceRequest request, AddressFamily family) {
        return ledger.shared(Sharing.key(request)).stream()
                .filter(address -> AddressFamily.of(address) == family)
                .flatMap(address -> ledger.obstacle(address, request).stream()
                        .map(obstacle -> "; '%s' cannot be shared: %s".formatted(address, obstacle)))
                .findFirst()
                .orElse("");
    }

    private String help(ServiceRequest request, AddressFamily family) {
        if (pools.isEmpty()) {
            return "; create one with %s addresses".formatted(family);
        }
        return "; pool %s must select it by its labels and have a block of %s addresses"
                .formatted(
                        String.join(
                                " or ",
                                pools.stream()
                                        .map(pool -> "'" + pool.name() + "'")
                                        .toList()),
                        family);
    }

    static String refusals(List<Pool> pools) {
        var texts = new ArrayList<String>();
        pools.forEach(pool -> texts.add("pool '%s' %s".formatted(pool.name(), pool.refusal())));
        return String.join(", ", texts);
    }
}
