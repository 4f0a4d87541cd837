// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this node does about announced addresses: (lists, what was heard, rows of the kernel, time) → steps. Pure: times are
 * milliseconds of a monotonic clock, given. One thread.
 *
 * <p>The holder answers. A backup answers once all before it are silent, or some are and nobody answers ({@link Doubt}), and until somebody claims the address, which they do
 * when they are back. A row of an earlier run is taken up as it is: a restart says nothing on the wire.
 */
final class Announcer {
    /** Rows are looked at this seldom where nothing has happened. */
    static final long LOOK = 1000;

    private final String node;
    private final Map<String, LanDevice> devices = new LinkedHashMap<>();
    private final Map<Integer, Probing> probings = new HashMap<>();
    private final Map<Address, HolderList> lists = new TreeMap<>();
    private final Map<AnnouncementKey, Ownership> ownerships = new HashMap<>();
    private Set<Silence> silent = Set.of();
    private boolean stirred = true;
    private long nextTurn;

    Announcer(String node) {
        this.node = node;
    }

    /** Why a list, or part of it, is not in force. */
    record Problem(Address address, Reason reason, String message) {}

    /** A node that is silent on a device. */
    private record Silence(int ifindex, Address peer) {}

    /** A device appeared or changed. */
    void device(LanDevice device) {
        stirred |= !device.equals(devices.put(device.name(), device));
    }

    Collection<LanDevice> devices() {
        return devices.values();
    }

    /** Takes a list in place of the address's former one; a refused one changes nothing. */
    Optional<Problem> take(HolderList list) {
        var known = lists.get(list.address());
        if (known != null && Long.compareUnsigned(list.term(), known.term()) < 0) {
            return problem(
                    list,
                    Reason.STALE_TERM,
                    "term %s is behind %s, which the node has"
                            .formatted(Long.toUnsignedString(list.term()), Long.toUnsignedString(known.term())));
        }
        for (var place : list.places()) {
            if (place.address().equals(list.address())) {
                return problem(list, Reason.ADDRESS_CONFLICT, "it is the own address of node " + place.node());
            }
        }
        lists.put(list.address(), list);
        stirred = true;
        return Optional.empty();
    }

    /** No list names the node for this address any more. */
    void remove(Address address) {
        lists.remove(address);
        stirred = true;
    }

    /** Addresses of which it matters what their hosts say. */
    Set<Address> senders() {
        return lists.values().stream()
                .flatMap(list -> Stream.concat(
                        Stream.of(list.address()), list.places().stream().map(HolderList.Place::address)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A frame came in by a device. */
    void heard(int ifindex, ArpFrame frame, long now) {
        if (devices.values().stream().anyMatch(device -> device.mac().equals(frame.senderMac()))) {
            return;
        }
        var probing = probing(ifindex);
        probing.heard(frame.sender(), frame.senderMac(), now);
        var list = lists.get(frame.sender());
        if (list == null) {
            return;
        }
        stirred = true;
        var ownership = ownership(new AnnouncementKey(frame.sender(), ifindex), now);
        ownership.answered(now);
        var rank = frame.rank().orElse(null);
        if (rank == null) {
            return;
        }
        ownership.heard(rank, now);
        if (rank.term() == list.term() && rank.position() < list.places().size()) {
            // A claim is a sign of life of whoever stands there.
            probing.heard(list.places().get(rank.position()).address(), frame.senderMac(), now);
        }
    }

    /** Whom to ask now whether it is alive. All that has arrived must have been told before. */
    List<Step> probe(long now) {
        var steps = new ArrayList<Step>();
        devices.values().forEach(device -> probe(device, now, steps));
        var found = silent();
        stirred |= !found.equals(silent);
        silent = found;
        return steps;
    }

    /** Whether a turn is due: something has happened, or the time has come. */
    boolean isDue(long now) {
        return stirred || now >= nextTurn;
    }

    /**
     * What is to be done with rows now.
     *
     * @param rows of the kernel, just read
     * @param complete whether rows that no list asks for are to go
     */
    List<Step> turn(Map<AnnouncementKey, Announcement> rows, boolean complete, long now) {
        stirred = false;
        var steps = new ArrayList<Step>();
        var told = told();
        var keys = new LinkedHashSet<>(told.keySet());
        keys.addAll(ownerships.keySet());
        if (complete) {
            keys.addAll(rows.keySet());
        }
        for (var key : keys) {
            var device = device(key.ifindex());
            if (device.isEmpty()) {
                ownerships.remove(key);
                if (rows.containsKey(key)) {
                    steps.add(new Step.Delete(key));
                }
                continue;
            }
            var ownership = ownership(key, now);
            var situation = new Ownership.Situation(
                    Optional.ofNullable(told.get(key)),
                    before(key, false),
                    before(key, true),
                    device.get().mac(),
                    device.get().up());
            steps.addAll(ownership.turn(situation, rows.get(key), now));
            if (ownership.isGone()) {
                ownerships.remove(key);
            }
        }
        nextTurn = ownerships.values().stream()
                .flatMapToLong(ownership -> ownership.due(now).stream())
                .reduce(now + LOOK, Math::min);
        return steps;
    }

    /** When to probe or take a turn next, whatever is heard or told. */
    long due() {
        return devices.values().stream()
                .filter(LanDevice::up)
                .flatMapToLong(device -> probing(device.ifindex()).due().stream())
                .reduce(nextTurn, Math::min);
    }

    private Set<Silence> silent() {
        var found = new HashSet<Silence>();
        probings.forEach((ifindex, probing) -> probing.silent().forEach(peer -> found.add(new Silence(ifindex, peer))));
        return found;
    }

    /** By address and device, as {@code kumo node l2} shows it. */
    List<Standing> standings(Map<AnnouncementKey, Announcement> rows, long now) {
        var standings = new ArrayList<Standing>();
        for (var list : lists.values()) {
            int position = list.position(node);
            for (var device : announcedOn(list)) {
                var key = new AnnouncementKey(list.address(), device.ifindex());
                var ownership = ownerships.get(key);
                if (ownership != null) {
                    standings.add(new Standing(
                            key,
                            device.name(),
                            new Rank(list.term(), position),
                            ownership.state(),
                            Optional.ofNullable(rows.get(key)),
                            now - ownership.since(),
                            probes(list, position, device, now)));
                }
            }
        }
        return standings;
    }

    /** What is told and can't be done as things stand, sorted by address. */
    List<Problem> problems(Map<AnnouncementKey, Announcement> rows, long now) {
        var problems = new ArrayList<Problem>();
        for (var list : lists.values()) {
            unknownInterfaces(list).ifPresent(problems::add);
            for (var device : announcedOn(list)) {
                var key = new AnnouncementKey(list.address(), device.ifindex());
                var ownership = ownerships.get(key);
                if (!device.up()) {
                    problem(list, Reason.LINK_DOWN, "device " + device.name() + " has no carrier")
                            .ifPresent(problems::add);
                } else if (ownership != null && ownership.isBehind(now)) {
                    problem(list, Reason.STALE_TERM, "a later list is in force elsewhere")
                            .ifPresent(problems::add);
                } else if (ownership != null && ownership.state() == Ownership.State.YIELDED) {
                    var claimant = Objects.requireNonNull(rows.get(key), "a yielded row")
                            .claimMac();
                    problem(list, Reason.ADDRESS_CONFLICT, claimant + " claims it on " + device.name())
                            .ifPresent(problems::add);
                }
            }
        }
        return problems;
    }

    /** Interfaces that a list names for this node and that it has not. */
    Optional<Problem> unknownInterfaces(HolderList list) {
        int position = list.position(node);
        if (position < 0) {
            return Optional.empty();
        }
        var unknown = list.places().get(position).interfaces().stream()
                .filter(name -> !devices.containsKey(name))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : problem(list, Reason.INTERFACE_UNKNOWN, "no LAN device " + String.join(", ", unknown));
    }

    private void probe(LanDevice device, long now, List<Step> steps) {
        var probing = probing(device.ifindex());
        var ahead = new HashSet<Address>();
        for (var list : lists.values()) {
            if (announcedOn(list).contains(device)) {
                list.places().subList(0, list.position(node)).forEach(place -> ahead.add(place.address()));
            }
        }
        probing.watch(ahead, now);
        if (!device.up()) {
            probing.startOver(now);
            return;
        }
        for (var question : probing.turn(now)) {
            var frame = ArpFrame.probe(question.peer(), device.mac());
            steps.add(new Step.Probe(device.ifindex(), question.mac() == null ? frame : frame.to(question.mac())));
        }
    }

    /** The node's rank by the rows that lists ask it for. */
    private Map<AnnouncementKey, Rank> told() {
        var told = new LinkedHashMap<AnnouncementKey, Rank>();
        for (var list : lists.values()) {
            for (var device : announcedOn(list)) {
                told.put(
                        new AnnouncementKey(list.address(), device.ifindex()),
                        new Rank(list.term(), list.position(node)));
            }
        }
        return told;
    }

    private List<LanDevice> announcedOn(HolderList list) {
        int position = list.position(node);
        return position < 0
                ? List.of()
                : list.places().get(position).interfaces().stream()
                        .distinct()
                        .flatMap(name -> Stream.ofNullable(devices.get(name)))
                        .toList();
    }

    private Set<Address> before(AnnouncementKey key, boolean silent) {
        var list = lists.get(key.address());
        if (list == null) {
            return Set.of();
        }
        var probing = probing(key.ifindex());
        return list.places().subList(0, Math.max(0, list.position(node))).stream()
                .map(HolderList.Place::address)
                .filter(address -> probing.isSilent(address) == silent)
                .collect(Collectors.toSet());
    }

    private List<Standing.Probe> probes(HolderList list, int position, LanDevice device, long now) {
        var probing = probing(device.ifindex());
        return list.places().subList(0, position).stream()
                .map(place -> {
                    var heard = probing.heard(place.address());
                    var ago = heard.isPresent() ? OptionalLong.of(now - heard.getAsLong()) : heard;
                    return new Standing.Probe(place.node(), probing.isSilent(place.address()), ago);
                })
                .toList();
    }

    private Optional<LanDevice> device(int ifindex) {
        return devices.values().stream()
                .filter(device -> device.ifindex() == ifindex)
                .findFirst();
    }

    private Probing probing(int ifindex) {
        return probings.computeIfAbsent(ifindex, _ -> new Probing());
    }

    private Ownership ownership(AnnouncementKey key, long now) {
        return ownerships.computeIfAbsent(key, _ -> new Ownership(key, now));
    }

    private static Optional<Problem> problem(HolderList list, Reason reason, String message) {
        return Optional.of(new Problem(list.address(), reason, message));
    }
}
