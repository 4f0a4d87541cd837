// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

/** What the apply loop does first, in this order. */
public enum Priority {
    /** Rights that end: a denied peer, a removed endpoint. */
    WITHDRAWAL,
    /** Who answers for an address on the LAN. */
    ANNOUNCEMENT,
    /** A pod's start or end, which the kubelet waits for. */
    CNI,
    SERVICE,
    REST
}
