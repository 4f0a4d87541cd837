// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.HolderList;

/**
 * @param term of the Lease that says so
 * @param answered whether the holder has said that it answers under this term
 */
public record Announcement(HolderList list, long term, boolean answered) {}
