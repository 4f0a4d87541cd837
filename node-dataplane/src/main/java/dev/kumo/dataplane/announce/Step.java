// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;

/** What a turn asks for; carried out in the order in which it is asked. */
sealed interface Step {
    /** Puts a row into the kernel's map. */
    record Write(AnnouncementKey key, Announcement row) implements Step {}

    /** Takes it out. */
    record Delete(AnnouncementKey key) implements Step {}

    /** Sends a claim; without effect if the row that it stands for could not be written. */
    record Claim(AnnouncementKey key, ArpFrame frame) implements Step {}

    /** Asks a node whether it is alive. */
    record Probe(int ifindex, ArpFrame frame) implements Step {}

    /** Begins or ceases to answer, for logs and counters. */
    record Changed(AnnouncementKey key, Transition transition, Rank rank) implements Step {}
}
