// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes w1, w2 … on one switch, in simulated time of 10 ms a step. Each has a kernel, which does with ARP what announcement.h
 * does, and a user space that can be frozen or dead while its kernel goes on. After each step it is noted who would answer for
 * the address.
 */
final class FakeLan {
    static final Address ADDRESS = Address.of("172.18.255.1");
    private static final int STEP = 10;
    private static final int ETH0 = 2;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<String> transitions = new ArrayList<>();
    private long now = 1_000_000;
    private long two;
    private long longestTwo;
    private long none;
    private long longestNone;
    private int frames;

    /** A frame that leaves by a machine's device reaches all others, or one. */
    final class Node {
        private final String name;
        private final Address address;
        private final MacAddress mac;
        private final Map<AnnouncementKey, Announcement> rows = new HashMap<>();
        private final Deque<ArpFrame> inbox = new ArrayDeque<>();
        private boolean power = true;
        private boolean cable = true;
        private boolean frozen;
        private boolean deaf;
        private @Nullable HolderList disk;
        private @Nullable Announcer user;

        Node(String name, int number) {
            this.name = name;
            address = Address.of("172.18.0." + (10 + number));
            mac = MacAddress.of("02:00:00:00:00:1" + number);
            start();
        }

        boolean answers() {
            var row = rows.get(key());
            return power && cable && row != null && !row.isYielded();
        }

        /** The process begins anew from its disk. */
        void start() {
            power = true;
            var announcer = new Announcer(name);
            announcer.device(device());
            Optional.ofNullable(disk).ifPresent(announcer::take);
            inbox.clear();
            user = announcer;
        }

        void crash() {
            user = null;
        }

        void freeze() {
            frozen = true;
        }

        void thaw() {
            frozen = false;
        }

        void losePower() {
            power = false;
            user = null;
            rows.clear();
        }

        /** It boots: the kernel answers for the node, and nothing of ours runs yet. */
        void boot() {
            power = true;
        }

        void cable(boolean plugged) {
            cable = plugged;
            if (user != null) {
                user.device(device());
            }
        }

        /** What others send is lost on its way here, and nothing else. */
        void deaf(boolean deaf) {
            this.deaf = deaf;
        }

        /** The announcer reaches it. */
        void told(@Nullable HolderList list) {
            disk = list;
            if (user != null) {
                if (list == null) {
                    user.remove(ADDRESS);
                } else {
                    user.take(list);
                }
            }
        }

        private LanDevice device() {
            return new LanDevice("eth0", ETH0, mac, address, cable);
        }

        private AnnouncementKey key() {
            return new AnnouncementKey(ADDRESS, ETH0);
        }

        private void receive(ArpFrame frame) {
            if (!power || !cable || deaf) {
                return;
            }
            var claimed = rows.get(new AnnouncementKey(frame.sender(), ETH0));
            if (claimed != null && !frame.senderMac().equals(mac)) {
                var rank = frame.rank().orElse(new Rank(0, 0));
                rows.put(
                        new AnnouncementKey(frame.sender(), ETH0),
                        new Announcement(
                                claimed.term(),
                                rank.term(),
                                Announcement.YIELDED,
                                rank.position(),
                                claimed.mac(),
                                frame.senderMac()));
            }
            var asked = rows.get(new AnnouncementKey(frame.target(), ETH0));
            boolean own = frame.target().equals(address) || asked != null && !asked.isYielded();
            if (frame.request() && own && !frame.sender().equals(frame.target())) {
                var reply =
                        new ArpFrame(false, mac, frame.target(), frame.senderMac(), frame.sender(), Optional.empty());
                transmit(this, reply);
                if (!frame.target().equals(address)) {
                    return;
                }
            }
            if (user != null && user.senders().contains(frame.sender())) {
                inbox.add(frame);
            }
        }

        private void run() {
            if (!power || frozen || user == null) {
                return;
            }
            while (!inbox.isEmpty()) {
                user.heard(ETH0, inbox.remove(), now);
            }
            if (user.due() <= now || user.isDue(now)) {
                carryOut(user.probe(now));
                if (user.isDue(now)) {
                    carryOut(user.turn(Map.copyOf(rows), true, now));
                }
                if (user.due() <= now) {
                    throw new AssertionError(name + " would be awake all the time");
                }
            }
        }

        private void carryOut(List<Step> steps) {
            for (var step : steps) {
                switch (step) {
                    case Step.Write write -> rows.put(write.key(), write.row());
                    case Step.Delete delete -> rows.remove(delete.key());
                    case Step.Claim claim -> transmit(this, claim.frame());
                    case Step.Probe probe -> transmit(this, probe.frame());
                    case Step.Changed changed -> transitions.add(name + " " + changed.transition());
                }
            }
        }
    }

    FakeLan(int size) {
        for (int i = 1; i <= size; i++) {
            nodes.put("w" + i, new Node("w" + i, i));
        }
    }

    Node node(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    /** A list whose places are these nodes, told to them and taken from all others. */
    void list(long term, String... places) {
        var list = of(term, places);
        nodes.values().forEach(node -> node.told(list.position(node.name) < 0 ? null : list));
    }

    HolderList of(long term, String... places) {
        return new HolderList(
                ADDRESS,
                term,
                Stream.of(places)
                        .map(name -> new HolderList.Place(name, node(name).address, List.of("eth0")))
                        .toList());
    }

    void run(long millis) {
        for (long end = now + millis; now < end; now += STEP) {
            nodes.values().forEach(Node::run);
            note();
        }
    }

    /** A host that is none of ours says that the address is its own. */
    void strangerClaims() {
        var stranger = MacAddress.of("02:00:00:00:00:66");
        broadcast(null, new ArpFrame(true, stranger, ADDRESS, stranger, ADDRESS, Optional.empty()));
    }

    /** Names of those that would answer a client now. */
    List<String> answering() {
        return nodes.values().stream()
                .filter(Node::answers)
                .map(node -> node.name)
                .toList();
    }

    /** The longest time that two or more answered, in ms. */
    long longestTwo() {
        return longestTwo;
    }

    /** The longest time that nobody answered since this was last asked, in ms. */
    long longestNone() {
        long longest = longestNone;
        longestNone = 0;
        none = 0;
        return longest;
    }

    /** Frames on the wire since this was last asked. */
    int frames() {
        int sent = frames;
        frames = 0;
        return sent;
    }

    /** What the nodes have told since this was last asked. */
    List<String> transitions() {
        var told = List.copyOf(transitions);
        transitions.clear();
        return told;
    }

    private void note() {
        int answering = answering().size();
        two = answering > 1 ? two + STEP : 0;
        none = answering == 0 ? none + STEP : 0;
        longestTwo = Math.max(longestTwo, two);
        longestNone = Math.max(longestNone, none);
    }

    private void transmit(Node from, ArpFrame frame) {
        if (!from.power || !from.cable) {
            return;
        }
        var sent = ArpFrame.read(frame.toBytes(), ArpFrame.LENGTH).orElseThrow();
        var receiver = nodes.values().stream()
                .filter(node -> node.mac.equals(sent.targetMac()))
                .findFirst();
        if (receiver.isPresent()) {
            frames++;
            receiver.get().receive(sent);
        } else {
            broadcast(from, sent);
        }
    }

    private void broadcast(@Nullable Node from, ArpFrame frame) {
        frames++;
        nodes.values().stream().filter(node -> node != from).forEach(node -> node.receive(frame));
    }
}
