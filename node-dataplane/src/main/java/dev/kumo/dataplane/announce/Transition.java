// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

/** Why a node begins or ceases to answer for an address. */
public enum Transition {
    /** It is the holder. */
    CLAIMED(true),
    /** It is a backup, and all before it are silent, or some are and none of the others answers. */
    TAKEN_OVER(true),
    /** It had yielded to a claim that its own outranks, or to one that went away. */
    REASSERTED(true),
    /** Another host has claimed the address. */
    YIELDED(false),
    /** Its own link is down. */
    LINK_DOWN(false),
    /** No list names it any more. */
    WITHDRAWN(false);

    private final boolean announced;

    Transition(boolean announced) {
        this.announced = announced;
    }

    boolean isAnnounced() {
        return announced;
    }
}
