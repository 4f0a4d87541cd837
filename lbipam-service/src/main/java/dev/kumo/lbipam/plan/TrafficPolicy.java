// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

/** Which backends a node uses: those of the whole cluster, or its own (KEP-2086, {@code externalTrafficPolicy}). */
public enum TrafficPolicy {
    CLUSTER,
    LOCAL
}
