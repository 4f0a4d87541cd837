// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Set;

/** Gives an address that a Service asks for by name, or says what stands against it. */
final class NamedAddresses {
    private final List<Pool> pools;
    private final Ledger ledger;
    private final Set<AddressFamily> served;

    NamedAddresses(List<Pool> pools, Ledger ledger, Set<AddressFamily> served) {
        this.pools = pools;
        this.ledger = ledger;
        this.served = served;
    }

    void give(IPAddress address, Grant grant) {
        if (!served.contains(AddressFamily.of(address))) {
            grant.refuse(
                    AddressReason.ADDRESS_FAMILY_NOT_SERVED,
                    "'%s' is not given: nodes don't serve %s; ask for another address",
                    address,
                    AddressFamily.of(address));
        } else if (isOffered(address, grant) && isFor(address, grant)) {
            grant.addresses.add(address);
            ledger.hold(address, grant.request);
        }
    }

    /** Whether a pool gives the address to the Service, whoever has it now. */
    private boolean isOffered(IPAddress address, Grant grant) {
        var containing = pools.stream().filter(pool -> pool.contains(address)).toList();
        var selecting = containing.stream()
                .filter(pool -> pool.selects(grant.request.labels()))
                .toList();
        var giving = selecting.stream().filter(Pool::givesNew).toList();
        if (containing.isEmpty()) {
            grant.refuse(
                    AddressReason.NO_POOL,
                    "No pool exists with a CIDR containing '%s'; add it to a block of a pool, or ask for an address of"
                            + " one",
                    address);
        } else if (selecting.isEmpty()) {
            grant.refuse(
                    AddressReason.POOL_SELECTOR_MISMATCH,
                    "The pool with the CIDR containing '%s', doesn't select this service; it is '%s', change its"
                            + " serviceSelector or the Service's labels",
                    address,
                    containing.getFirst().name());
        } else if (giving.isEmpty()) {
            grant.refuse(
                    AddressReason.NO_POOL,
                    "No pool exists with a CIDR containing '%s' that gives new addresses: %s",
                    address,
                    Granting.refusals(selecting));
        } else if (giving.stream().allMatch(pool -> pool.keepsBack(address))) {
            grant.refuse(
                    AddressReason.NO_POOL,
                    "'%s' is first or last of a block of pool '%s', which has allowFirstLastIPs: No; ask for another"
                            + " address",
                    address,
                    giving.getFirst().name());
        } else {
            return true;
        }
        return false;
    }

    private boolean isFor(IPAddress address, Grant grant) {
        var holders = ledger.holders(address);
        var obstacle = ledger.obstacle(address, grant.request);
        if (!holders.isEmpty() && Sharing.key(grant.request).isEmpty()) {
            grant.refuse(
                    AddressReason.ALREADY_ALLOCATED,
                    "The IP '%s' is already allocated to another service; it is %s, ask for another address or give"
                            + " both the same lbipam.cilium.io/sharing-key",
                    address,
                    holders.getFirst().ref());
        } else if (obstacle.isPresent()) {
            grant.refuse(
                    AddressReason.ALREADY_ALLOCATED_INCOMPATIBLE_SERVICE,
                    "The IP '%s' is already allocated to an incompatible service. Reason: %s",
                    address,
                    obstacle.get());
        } else {
            return isGone(address, grant);
        }
        return false;
    }

    private boolean isGone(IPAddress address, Grant grant) {
        var shower = ledger.shownBy(address, grant.request);
        shower.ifPresent(service -> {
            ledger.reserve(address);
            grant.refuse(
                    AddressReason.ALREADY_ALLOCATED,
                    "The IP '%s' is already allocated to another service; the status of %s shows it still, it is given"
                            + " once that is gone",
                    address,
                    service);
        });
        return shower.isEmpty();
    }
}
