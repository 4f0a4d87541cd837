// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

/** Which way a flow goes, seen from the endpoint that a rule selects. */
public enum Direction {
    INGRESS,
    EGRESS
}
