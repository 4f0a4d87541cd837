// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.SelectorView;
import dev.kumo.l2announcer.model.ServiceRef;
import dev.kumo.l2announcer.model.ServiceView;
import dev.kumo.l2announcer.plan.AnnouncementInputs;
import dev.kumo.l2announcer.plan.AnnouncementPlan;
import dev.kumo.l2announcer.plan.L2Planner;
import dev.kumo.l2announcer.plan.LeaseGroup;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An API server with Leases, a watch that lags behind it, a leader whose writes take their time, and nodes on a LAN that do
 * what they are told: who is first claims, who hears a claim yields, and a backup claims when those before it are dead.
 */
final class SimulatedLan {
    final SortedMap<ServiceRef, ServiceView> services = new TreeMap<>();
    final SortedMap<String, Node> nodes = new TreeMap<>();
    String when = "";
    final TreeSet<String> excluded = new TreeSet<>();
    private final SortedMap<String, LeaseView> stored = new TreeMap<>();
    private final SortedMap<String, LeaseView> watched = new TreeMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final List<LeaseGroup> writes = new ArrayList<>();
    private final TreeMap<String, Assignment> restorations = new TreeMap<>();
    private final TreeSet<String> deletions = new TreeSet<>();
    private final L2Planner planner = new L2Planner();
    private final Random random;
    private StandingLeases standing = new StandingLeases();
    private AskedLeases asked = new AskedLeases();
    private Terms terms = new Terms();
    private long version = 100;
    private long seen = 100;

    /** @param lease null if it is gone */
    private record Event(
            long version, String name, @Nullable LeaseView lease) {}

    /** One node: what it was told, what it answers for, and the highest term that it ever heard of an address. */
    static final class Node {
        final String name;
        boolean alive = true;
        boolean reported = true;
        final SortedMap<IPAddress, Told> told = new TreeMap<>();
        final SortedMap<IPAddress, Long> held = new TreeMap<>();
        private final SortedMap<IPAddress, Long> highest = new TreeMap<>();
        private SortedMap<IPAddress, Long> lastWord = new TreeMap<>();

        record Told(HolderList list, long term) {}

        Node(String name) {
            this.name = name;
        }
    }

    SimulatedLan(Random random, int size) {
        this.random = random;
        for (int i = 1; i <= size; i++) {
            nodes.put("w" + i, new Node("w" + i));
        }
    }

    void service(String name, String... ips) {
        var ref = new ServiceRef("shop", name);
        services.put(ref, new ServiceView(ref, new TreeMap<>(), "", List.of(ips), List.of(), false, false));
    }

    /** Another replica takes over: it lists Leases anew; if it has just started it has heard of silent nodes nothing. */
    void electAnother(boolean justStarted) {
        writes.clear();
        deletions.clear();
        standing = new StandingLeases();
        asked = new AskedLeases();
        terms = new Terms();
        restorations.clear();
        events.clear();
        watched.clear();
        watched.putAll(stored);
        seen = version;
        if (justStarted) {
            nodes.values().forEach(node -> node.reported = node.alive && random.nextInt(4) > 0);
        }
    }

    AnnouncementPlan plan() {
        var lost = standing.lost(watched.values());
        var plan = planner.plan(inputs(lost));
        plan.groups().stream().filter(asked::ask).forEach(writes::add);
        plan.restored().forEach((name, assignment) -> {
            if (asked.askAgain(target(name, assignment))) {
                restorations.put(name, assignment);
            }
        });
        standing.withdrawn(plan.withdrawn(), lost);
        deletions.retainAll(plan.withdrawn());
        deletions.addAll(plan.withdrawn());
        return plan;
    }

    /** What the leader publishes reaches those nodes that can hear. */
    void publish(AnnouncementPlan plan) {
        for (var node : nodes.values()) {
            if (!node.alive) {
                continue;
            }
            var mine = new TreeMap<IPAddress, Node.Told>();
            plan.announcements().forEach((address, announcement) -> {
                if (announcement.list().nodes().contains(node.name)) {
                    mine.put(address, new Node.Told(announcement.list(), announcement.term()));
                }
            });
            node.told.keySet().retainAll(mine.keySet());
            node.held.keySet().retainAll(mine.keySet());
            mine.forEach((address, told) -> hear(node, address, told));
        }
    }

    private void hear(Node node, IPAddress address, Node.Told told) {
        long highest = node.highest.merge(address, told.term(), Math::max);
        assertThat(told.term())
                .as("%s: term of %s at %s", when, address, node.name)
                .isGreaterThanOrEqualTo(highest);
        node.told.put(address, told);
        var first = told.list().nodes().getFirst();
        if (first.equals(node.name)) {
            claim(node, address, told.term());
        } else if (nodes.get(first).alive && nodes.get(first).held.containsKey(address)) {
            node.held.remove(address); // It hears the holder's claims.
        }
    }

    private void claim(Node node, IPAddress address, long term) {
        nodes.values().stream()
                .filter(other -> other != node && other.alive)
                .forEach(other -> other.held.remove(address));
        node.held.put(address, term);
    }

    /** Backups notice that those before them are silent. */
    void probe() {
        for (var node : nodes.values()) {
            if (node.alive) {
                node.told.forEach((address, told) -> {
                    var before =
                            told.list().nodes().subList(0, told.list().nodes().indexOf(node.name));
                    boolean answered =
                            nodes.values().stream().anyMatch(other -> other.alive && other.held.containsKey(address));
                    if (!answered && before.stream().noneMatch(name -> nodes.get(name).alive)) {
                        claim(node, address, told.term());
                    }
                });
            }
        }
    }

    void report() {
        nodes.values().stream().filter(node -> node.alive).forEach(node -> {
            node.reported = true;
            node.lastWord = new TreeMap<>(node.held);
        });
    }

    void landOne() {
        if (!writes.isEmpty()) {
            land(writes.remove(random.nextInt(writes.size())));
        }
        if (!restorations.isEmpty()) {
            var restored = restorations.pollFirstEntry();
            restore(restored.getKey(), restored.getValue());
        }
        if (!deletions.isEmpty()) {
            var name = deletions.first();
            deletions.remove(name);
            if (stored.remove(name) != null) {
                events.add(new Event(++version, name, null));
            }
        }
    }

    /** Somebody does, who has no business to. */
    void deleteByHand(String name) {
        if (stored.remove(name) != null) {
            events.add(new Event(++version, name, null));
        }
    }

    private static LeaseGroup.LeaseTarget target(String name, Assignment assignment) {
        return new LeaseGroup.LeaseTarget(assignment.service(), name, assignment.lists());
    }

    private void restore(String name, Assignment assignment) {
        var target = target(name, assignment);
        if (asked.isAsked(target)) {
            if (!stored.containsKey(name)) {
                var lease = new LeaseView(name, target.holder(), Optional.of(assignment));
                stored.put(name, lease);
                events.add(new Event(++version, name, lease));
            }
            asked.written(target, version);
        }
    }

    private void land(LeaseGroup group) {
        long term = terms.next(
                group.above(),
                seen,
                group.leases().stream()
                        .flatMap(target -> Optional.ofNullable(stored.get(target.lease())).stream())
                        .flatMap(lease -> lease.assignment().stream())
                        .map(Assignment::term));
        for (var target : group.leases()) {
            if (!asked.isAsked(target)) {
                return;
            }
            var lease = new LeaseView(
                    target.lease(),
                    target.holder(),
                    Optional.of(new Assignment(target.service(), term, target.lists())));
            stored.put(target.lease(), lease);
            events.add(new Event(++version, target.lease(), lease));
            asked.written(target, version);
        }
    }

    void deliver(int most) {
        for (int i = 0; i < most && !events.isEmpty(); i++) {
            var event = events.remove();
            seen = event.version();
            if (event.lease() == null) {
                watched.remove(event.name());
            } else {
                watched.put(event.name(), event.lease());
            }
        }
    }

    /** Until nothing changes any more. */
    AnnouncementPlan settle() {
        var plan = plan();
        for (int i = 0; i < 200; i++) {
            landOne();
            deliver(3);
            publish(plan);
            probe();
            report();
            plan = plan();
        }
        assertThat(plan.groups()).as("Leases to be written after all").noneMatch(LeaseGroup::outdated);
        return plan;
    }

    /** What Leases say, with their terms. */
    SortedMap<String, LeaseView> leases() {
        return new TreeMap<>(stored);
    }

    /** Who answers for what, under which term. */
    SortedMap<String, SortedMap<IPAddress, Long>> answers() {
        var answers = new TreeMap<String, SortedMap<IPAddress, Long>>();
        nodes.forEach((name, node) -> answers.put(name, new TreeMap<>(node.held)));
        return answers;
    }

    SortedMap<String, String> holders() {
        var holders = new TreeMap<String, String>();
        stored.forEach((name, lease) -> holders.put(name, lease.holder()));
        return holders;
    }

    private AnnouncementInputs inputs(List<LeaseView> lost) {
        return new AnnouncementInputs(
                List.of(policy()),
                new TreeMap<>(),
                shuffled(services, view -> view),
                List.of(),
                shuffled(
                        nodes,
                        node -> new NodeView(
                                node.name,
                                new TreeMap<>(java.util.Map.of("name", node.name)),
                                node.alive,
                                java.util.Set.of(address(node)))),
                nodes.values().stream()
                        .filter(node -> node.reported)
                        .map(SimulatedLan::report)
                        .toList(),
                List.copyOf(watched.values()),
                lost,
                asked.unseen(seen));
    }

    private PolicyView policy() {
        var nodeSelector = new SelectorView(
                new TreeMap<>(),
                excluded.isEmpty()
                        ? List.of()
                        : List.of(new SelectorView.Expression("name", "NotIn", List.copyOf(excluded))));
        return new PolicyView(
                "lan",
                1,
                new SelectorView(new TreeMap<>(), List.of()),
                nodeSelector,
                List.of(),
                false,
                true,
                List.of());
    }

    private static NodeReport report(Node node) {
        return new NodeReport(
                node.name,
                List.of(new NodeReport.Link("eth0", new IPAddressString(address(node)).getAddress(), true)),
                true,
                node.lastWord);
    }

    private static String address(Node node) {
        return "172.18.0.1" + node.name.substring(1);
    }

    private <K, V, T> List<T> shuffled(SortedMap<K, V> map, Function<V, T> view) {
        var list = new ArrayList<>(map.values().stream().map(view).toList());
        Collections.shuffle(list, random);
        return list;
    }
}
