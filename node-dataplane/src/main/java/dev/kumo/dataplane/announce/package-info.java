// SPDX-License-Identifier: Apache-2.0
/**
 * Who answers ARP for an announced address. The list of an address names a holder and backups in order; whether those before a
 * node are alive is judged on the wire. {@link dev.kumo.dataplane.announce.Announcer} decides, from lists, what was heard and the
 * time alone; {@link dev.kumo.dataplane.announce.AnnouncementManager} carries it out.
 */
@NullMarked
package dev.kumo.dataplane.announce;

import org.jspecify.annotations.NullMarked;
