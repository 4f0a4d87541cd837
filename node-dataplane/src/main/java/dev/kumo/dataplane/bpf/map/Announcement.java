// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * How an address is answered for.
 *
 * @param term of the list by which this node does
 * @param claimTerm of the claim that it has yielded to; 0 if that did not say, or there was none
 * @param flags {@link #YIELDED} or 0
 * @param claimPosition where in its list the claimant stands, 0 for the holder
 * @param mac the device's, with which requests are answered
 * @param claimMac who claimed; zeroes if nobody did
 */
@RegisterForReflection
public record Announcement(
        long term, long claimTerm, int flags, int claimPosition, MacAddress mac, MacAddress claimMac) {
    /** Another host has claimed the address, and this node answers no more. Set by the kernel half. */
    public static final int YIELDED = 1;

    /** A row that answers from now on. */
    public static Announcement claimed(long term, MacAddress mac) {
        return new Announcement(term, 0, 0, 0, mac, MacAddress.of(new byte[MacAddress.LENGTH]));
    }

    public boolean isYielded() {
        return (flags & YIELDED) != 0;
    }

    /** The same under a later list. */
    public Announcement withTerm(long later) {
        return new Announcement(later, claimTerm, flags, claimPosition, mac, claimMac);
    }
}
