// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

/** Why something is not served: a reason of the specification and words for people. */
record Fault(String reason, String message) {}
