// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Where this node stands with an address on a device.
 *
 * @param row of the kernel
 * @param forMillis how long it has been in this state
 * @param probes of the nodes before it
 */
record Standing(
        AnnouncementKey key,
        String device,
        Rank rank,
        Ownership.State state,
        Optional<Announcement> row,
        long forMillis,
        List<Probe> probes) {
    /** What was last heard of a node before this one. */
    record Probe(String node, boolean silent, OptionalLong millisAgo) {
        @Override
        public String toString() {
            var heard =
                    millisAgo.isEmpty() ? "never heard" : "heard %.1f s ago".formatted(millisAgo.getAsLong() / 1000.0);
            return node + (silent ? " silent, " : " ") + heard;
        }
    }

    String role() {
        return rank.position() == 0 ? "holder" : "backup " + rank.position();
    }

    String lastProbes() {
        return probes.stream().map(Probe::toString).collect(Collectors.joining("; "));
    }
}
