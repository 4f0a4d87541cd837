// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.model;

import java.time.Instant;

/**
 * What tells one object from another of the same name, and its age.
 *
 * @param generation {@code metadata.generation}; 0 for kinds that have none, such as Service
 */
public record ObjectStamp(String uid, Instant created, long generation) {}
