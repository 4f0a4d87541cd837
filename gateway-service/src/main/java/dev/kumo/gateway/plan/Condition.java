// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

/** A condition of an object; when it changed is for its writer to know. Types and reasons are the specification's. */
public record Condition(String type, boolean status, String reason, String message, long observedGeneration) {}
