// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

/**
 * The standing of a claim.
 *
 * @param term of the list by which it is made, unsigned
 * @param position in that list, 0 for the holder
 */
record Rank(long term, int position) {
    /** A later list goes before an earlier one; within a list, who stands further ahead. */
    boolean outranks(Rank other) {
        return term == other.term ? position < other.position : Long.compareUnsigned(term, other.term) > 0;
    }
}
