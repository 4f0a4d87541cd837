// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import java.util.Comparator;

/**
 * Something about addresses that cannot be made true; all else is.
 *
 * @param object such as "Service shop/web"
 */
public record AddressProblem(String object, AddressReason reason, String message)
        implements Comparable<AddressProblem> {
    private static final Comparator<AddressProblem> ORDER = Comparator.comparing(AddressProblem::object)
            .thenComparing(AddressProblem::reason)
            .thenComparing(AddressProblem::message);

    @Override
    public int compareTo(AddressProblem other) {
        return ORDER.compare(this, other);
    }
}
