// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.Publisher;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.state.StickyNumbers;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The slots of this node's classes: what Envoy holds for them, and map {@code slots}, which says where their listeners are. A
 * slot's row is written once Envoy goes by its listener and its rules, and taken away before they are. Apply-loop thread only.
 */
final class SlotTable {
    private static final Logger LOG = Logger.getLogger(SlotTable.class);

    /** A class waits this long for Envoy's answer, then is in force without: what its slot is to judge is dropped. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What is around the slots. @param clock nanoseconds, as of {@link System#nanoTime} */
    record Surroundings(StickyNumbers ports, Publisher publisher, EnvoyAnswers envoy, LongSupplier clock) {}

    private final ReconciledMap<Integer, SlotPort> rows;
    private final StickyNumbers ports;
    private final Publisher publisher;
    private final EnvoyAnswers envoy;
    private final LongSupplier clock;
    private final Map<Integer, SlotState> slots = new TreeMap<>();
    private final Map<Integer, HttpRuleSet> ruleSets = new HashMap<>();
    private final Set<Integer> dirty = new TreeSet<>();
    /** Slots that Envoy was told of. */
    private final Map<Integer, List<ResourceName>> published = new TreeMap<>();

    private boolean inSync;
    private boolean spoke;

    /** @param rows loaded with what an earlier process left, which stands until it is swept */
    SlotTable(ReconciledMap<Integer, SlotPort> rows, Surroundings surroundings) {
        this.rows = rows;
        this.ports = surroundings.ports();
        this.publisher = surroundings.publisher();
        this.envoy = surroundings.envoy();
        this.clock = surroundings.clock();
        Map.copyOf(rows.kernel()).forEach((slot, port) -> {
            rows.setDesired(slot, port);
            ports.bind(name(slot), port.port());
        });
    }

    /** The slots of a class, in place of those it had. */
    void set(int classNumber, List<Slot> wanted) {
        slots.values().forEach(state -> state.classes.remove(classNumber));
        for (var slot : wanted) {
            var state = slots.get(slot.getNumber());
            if (state == null || !state.slot.equals(slot)) {
                var renewed = new SlotState(slot);
                renewed.since = clock.getAsLong();
                if (state != null) {
                    renewed.classes.addAll(state.classes);
                }
                state = renewed;
                slots.put(slot.getNumber(), state);
                dirty.add(slot.getNumber());
            }
            state.classes.add(classNumber);
        }
        slots.values().removeIf(state -> state.classes.isEmpty());
    }

    void setRules(HttpRuleSet rules) {
        ruleSets.put(rules.getNumber(), rules);
        touch(rules.getNumber());
    }

    void removeRules(int ruleSet) {
        ruleSets.remove(ruleSet);
        touch(ruleSet);
    }

    /** All of the feed is known: Envoy may be told what is not wanted any more. */
    void synced() {
        inSync = true;
    }

    /**
     * Tells Envoy what is new, and writes the rows of slots that it goes by.
     *
     * @return what could not be written
     */
    List<String> apply(Slice slice) {
        if (inSync) {
            publish();
        }
        slots.forEach((number, state) -> {
            if (state.isHeld(envoy)) {
                portOf(number).ifPresent(port -> rows.setDesired(number, new SlotPort(port)));
            }
        });
        var pass = rows.applyUpdates(slice);
        return pass.failures().stream().map(failure -> failure.message()).toList();
    }

    /** Whether an answer of Envoy's for one of these slots is still worth waiting for. */
    boolean awaits(Set<Integer> numbers) {
        return numbers.stream()
                .filter(number -> !rows.kernel().containsKey(number))
                .flatMap(number -> Optional.ofNullable(slots.get(number)).stream())
                .anyMatch(state -> left(state) > 0);
    }

    /** How long answers of Envoy's are worth waiting for at most; empty if all came, or won't. */
    Optional<Duration> patience() {
        return slots.values().stream()
                .map(this::left)
                .filter(left -> left > 0)
                .max(Long::compare)
                .map(Duration::ofNanos);
    }

    /**
     * What can't be as things stand. It is refused to the rule set, so that other rules of the class stay what they are; a
     * lack of ports, of which no rule is the cause, to the classes.
     */
    List<ItemRefusal> refusals() {
        var refusals = new ArrayList<ItemRefusal>();
        for (var state : slots.values()) {
            state.problem(envoy).ifPresent(problem -> {
                refusals.add(problem);
                if (problem.reason() == Reason.PORT_IN_USE) {
                    state.classes.forEach(number -> refusals.add(new ItemRefusal(
                            Table.CLASSES.item(Integer.toString(number)), problem.reason(), problem.message())));
                }
            });
        }
        return refusals;
    }

    /** The listener's port of each slot that has a row. */
    Map<Integer, SlotPort> ports() {
        return Map.copyOf(rows.kernel());
    }

    /** Takes away slots that no class wants and no entry of the kernel names; rows first. */
    void sweep(Set<Integer> inUse, Slice slice) {
        var gone = new TreeSet<>(published.keySet());
        gone.addAll(rows.kernel().keySet());
        gone.removeAll(slots.keySet());
        gone.removeAll(inUse);
        if (!inSync || gone.isEmpty()) {
            return;
        }
        gone.forEach(rows::removeDesired);
        rows.applyDeletes(slice);
        gone.removeAll(rows.kernel().keySet());
        var names = new ArrayList<ResourceName>();
        for (int number : gone) {
            names.addAll(published.getOrDefault(number, List.of()));
            published.remove(number);
            ports.release(name(number));
        }
        publisher.publish(List.of(), names);
        ports.save();
    }

    private void publish() {
        replaceRefusedPorts();
        var news = new ArrayList<EnvoyResource>();
        if (!spoke) {
            news.add(SlotResources.cluster());
            spoke = true;
        }
        for (int number : dirty) {
            var state = slots.get(number);
            if (state != null) {
                news.addAll(renew(number, state));
            }
        }
        if (!dirty.isEmpty() || !news.isEmpty()) {
            ports.save();
            publisher.publish(news, List.of());
            dirty.clear();
        }
    }

    private List<EnvoyResource> renew(int number, SlotState state) {
        state.since = clock.getAsLong();
        var routes = SlotResources.routes(number, rules(state));
        var port = portOf(number);
        if (port.isEmpty()) {
            state.problem = Optional.of(state.refuse(Reason.PORT_IN_USE, "no port is left for its listener"));
            return List.of();
        }
        var listener = SlotResources.listener(number, ClassRules.direction(state.slot.getDirection()), port.get());
        var news = new ArrayList<EnvoyResource>();
        if (!listener.equals(state.listener)) {
            news.add(listener);
        }
        if (!routes.equals(state.routes)) {
            news.add(routes);
        }
        state.listener = listener;
        state.routes = routes;
        published.put(number, List.of(listener.name(), routes.name()));
        return news;
    }

    /** Rules that aren't known yet let nothing pass. */
    private RBAC rules(SlotState state) {
        state.problem = Optional.empty();
        var rules = ruleSets.get(state.slot.getRuleSet());
        if (rules == null) {
            return HttpRules.denyAll();
        }
        try {
            return HttpRules.of(rules);
        } catch (UnsupportedOperationException e) {
            state.problem = Optional.of(state.refuse(Reason.UNSUPPORTED, String.valueOf(e.getMessage())));
            return HttpRules.denyAll();
        }
    }

    /** Where somebody else has a listener's port, it takes another one. */
    private void replaceRefusedPorts() {
        slots.forEach((number, state) -> {
            var message = state.listener == null ? Optional.<String>empty() : envoy.refusal(state.listener);
            if (message.filter(ListenerPorts::isAboutPort).isPresent()) {
                var port = ports.replace(name(number));
                LOG.infof("slot=%d: %s; its listener moves to port=%s", number, message.get(), port);
                dirty.add(number);
            }
        });
    }

    /** Nanoseconds for which an answer is worth waiting for. */
    private long left(SlotState state) {
        if (state.isSettled(envoy) || !inSync || !envoy.isConnected()) {
            return 0;
        }
        return PATIENCE.toNanos() - (clock.getAsLong() - state.since);
    }

    private Optional<Integer> portOf(int slot) {
        return ports.numberOf(name(slot));
    }

    private void touch(int ruleSet) {
        slots.forEach((number, state) -> {
            if (state.slot.getRuleSet() == ruleSet) {
                dirty.add(number);
            }
        });
    }

    private static String name(int slot) {
        return Integer.toString(slot);
    }
}
