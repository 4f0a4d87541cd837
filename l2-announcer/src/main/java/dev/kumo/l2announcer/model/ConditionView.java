// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

/**
 * A condition as it stands in an object's status, or should stand there; without its time.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param observedGeneration 0 if it has none
 */
public record ConditionView(String type, String status, long observedGeneration, String reason, String message) {}
