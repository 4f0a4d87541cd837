// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

/**
 * What tells an object's versions and ages apart.
 *
 * @param created creationTimestamp as the API server writes it (RFC 3339, UTC), so that texts order as times do
 */
public record Stamp(long generation, String created) {}
