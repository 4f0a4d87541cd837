// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes are alive, as seen on one device: each is asked every 200 ms, and is silent after three questions in a row that
 * it did not answer within 100 ms. Anything that it says counts. A node that was not asked yet is taken to be alive. Pure: times
 * are milliseconds of a monotonic clock, given.
 */
final class Probing {
    static final long INTERVAL = 200;
    static final long PATIENCE = 100;
    static final int MISSES = 3;
    /** Whoever did not look for so long has slept itself, and knows nothing of the others. */
    static final long OWN_SLEEP = 400;

    private final Map<Address, Peer> peers = new TreeMap<>();
    private @Nullable Long lastTurn;

    private static final class Peer {
        @Nullable
        Long asked;

        long next;
        int misses;

        @Nullable
        Long heard;

        @Nullable
        MacAddress mac;

        Peer(long next) {
            this.next = next;
        }
    }

    /** Whom to ask, and where if its MAC is known: a node that missed a question may have another by now. */
    record Question(Address peer, @Nullable MacAddress mac) {}

    /** These and no others are asked. */
    void watch(Set<Address> wanted, long now) {
        peers.keySet().retainAll(wanted);
        wanted.forEach(address -> peers.computeIfAbsent(address, _ -> new Peer(now)));
    }

    /** Forgets what it knows: the own link is down, or was. */
    void startOver(long now) {
        for (var peer : peers.values()) {
            peer.asked = null;
            peer.misses = 0;
            peer.next = now;
        }
    }

    void heard(Address address, MacAddress mac, long now) {
        var peer = peers.get(address);
        if (peer != null) {
            peer.asked = null;
            peer.misses = 0;
            peer.heard = now;
            peer.mac = mac;
        }
    }

    /** What was heard up to now must have been told before. */
    List<Question> turn(long now) {
        if (lastTurn != null && now - lastTurn > OWN_SLEEP) {
            startOver(now);
        }
        lastTurn = now;
        var questions = new ArrayList<Question>();
        peers.forEach((address, peer) -> {
            if (peer.asked != null && now - peer.asked >= PATIENCE) {
                peer.misses = Math.min(peer.misses + 1, MISSES);
                peer.asked = null;
            }
            if (now >= peer.next) {
                peer.asked = now;
                peer.next = now + INTERVAL;
                questions.add(new Question(address, peer.misses == 0 ? peer.mac : null));
            }
        });
        return questions;
    }

    boolean isSilent(Address address) {
        var peer = peers.get(address);
        return peer != null && peer.misses >= MISSES;
    }

    Set<Address> silent() {
        return peers.keySet().stream().filter(this::isSilent).collect(Collectors.toSet());
    }

    /** When it was last heard; empty if never. */
    OptionalLong heard(Address address) {
        var peer = peers.get(address);
        return peer == null || peer.heard == null ? OptionalLong.empty() : OptionalLong.of(peer.heard);
    }

    /** When the next turn is due. */
    OptionalLong due() {
        return peers.values().stream()
                .mapToLong(peer -> peer.asked == null
                        ? peer.next
                        : Math.min(peer.next, Objects.requireNonNull(peer.asked) + PATIENCE))
                .min();
    }
}
