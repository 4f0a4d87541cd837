// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.endpoint.Endpoints;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.Publisher;
import dev.kumo.dataplane.node.BlockRows;
import dev.kumo.dataplane.policy.ClassPlacement.Outcome;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.state.StickyNumbers;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Puts the classes of this node's pods in force, with their slots. Classes go before the pods that are of them, since its
 * priority is higher than theirs; that they outlive them is {@link PolicySweep}'s part. A change of a class waits for Envoy's
 * answer on its new slots, two seconds at most and only while an Envoy is connected; a new class, of which no pod can be yet,
 * doesn't.
 */
public final class PolicyManager implements Manager {
    private final ClassTable table;
    private final ClassPlacement placement;
    private final SlotTable slots;
    private final Map<Integer, Wanted> wanted = new TreeMap<>();
    private final Map<Integer, Wanted> placed = new TreeMap<>();
    private final Map<Integer, Wanted> pending = new TreeMap<>();
    private final Map<Integer, ItemRefusal> refused = new TreeMap<>();
    private volatile int waiting;
    private boolean inSync;
    private Consumer<List<ItemRefusal>> standing = _ -> {};

    private record Wanted(PolicyClass item, ClassRules rules, Set<Integer> slots) {
        static Wanted of(PolicyClass item) {
            var slots = item.getSlotsList().stream().map(Slot::getNumber).collect(Collectors.toSet());
            return new Wanted(item, ClassRules.of(item), slots);
        }
    }

    /**
     * Envoy as the slots see it.
     *
     * @param publisher takes what Envoy is to hold for them
     * @param ports of listeners, as {@link ListenerPorts#open}
     */
    public record Envoy(Publisher publisher, EnvoyAnswers answers, StickyNumbers ports) {}

    /** Of microseconds since 1970, and of {@link System#nanoTime}. */
    public record Clocks(LongSupplier micros, LongSupplier nanos) {}

    /**
     * Reads what an earlier process left.
     *
     * @param state folder of {@code blocks.json}
     */
    public PolicyManager(PolicyMaps maps, BlockRows blocks, Path state, Envoy envoy, Clocks clocks) {
        table = new ClassTable(maps, clocks.micros());
        placement = new ClassPlacement(table, new KnownBlocks(state.resolve("blocks.json"), blocks));
        var rows = new ReconciledMap<>(maps.slots().where(ListenerPorts::isOfPolicy));
        rows.load();
        slots = new SlotTable(
                rows, new SlotTable.Surroundings(envoy.ports(), envoy.publisher(), envoy.answers(), clocks.nanos()));
    }

    /** How many classes are not in force as they are wanted, but for those that are refused. Any thread. */
    public int waiting() {
        return waiting;
    }

    /** Who is told what can't be as things stand: all of it, after each turn that tried everything. */
    public void onRefusals(Consumer<List<ItemRefusal>> listener) {
        standing = listener;
    }

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public Priority priority() {
        return Priority.WITHDRAWAL;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLASSES, Table.RULE_SETS);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        change.upserts(Table.RULE_SETS).values().forEach(slots::setRules);
        numbers(change.removes(Table.CLASSES)).forEach(this::remove);
        change.upserts(Table.CLASSES).values().forEach(this::set);
        numbers(change.removes(Table.RULE_SETS)).forEach(slots::removeRules);
        // Room may have been made.
        wanted.forEach((number, target) -> {
            if (refused.containsKey(number)) {
                pending.put(number, target);
            }
        });
        waiting = pending.size();
        inSync = change.inSync();
        if (inSync) {
            slots.synced();
        }
    }

    @Override
    public Applied apply(Slice slice) {
        var applied = applyPending(slice);
        waiting = pending.size();
        switch (applied) {
            case Applied.Done done -> standing.accept(done.refusals());
            case Applied.Retry retry -> standing.accept(retry.refusals());
            case Applied.Later _ -> standing.accept(refusals());
            case Applied.More _ -> {
                // Not everything was tried.
            }
        }
        return applied;
    }

    /** What Envoy or a lack of room stands against. */
    private List<ItemRefusal> refusals() {
        var refusals = new ArrayList<>(refused.values());
        refusals.addAll(slots.refusals());
        return refusals;
    }

    private Applied applyPending(Slice slice) {
        var failures = new ArrayList<>(slots.apply(slice));
        var refusals = new ArrayList<ItemRefusal>();
        for (var next : List.copyOf(pending.entrySet())) {
            int number = next.getKey();
            if (slice.isOver()) {
                return Applied.more();
            }
            if (table.numbers().contains(number) && slots.awaits(next.getValue().slots())) {
                continue;
            }
            switch (place(number, next.getValue(), slice)) {
                case Outcome.Unfinished _ -> {
                    return Applied.more();
                }
                case Outcome.Failed(var reason, var message) -> {
                    failures.add(message);
                    refusals.add(new ItemRefusal(item(number), reason, message));
                }
                case Outcome.Placed _, Outcome.Refused _ -> pending.remove(number);
            }
        }
        if (!failures.isEmpty()) {
            refusals.addAll(refusals());
            return Applied.retry(refusals, failures.getFirst());
        }
        if (!tidy(slice)) {
            return Applied.more();
        }
        var patience = slots.patience();
        if (patience.isPresent()) {
            return Applied.later(patience.get());
        }
        return Applied.done(refusals());
    }

    /**
     * Takes classes out that are neither wanted nor any pod's.
     *
     * @param inUse classes that the kernel's endpoints name
     * @return false if the slice was over first
     */
    boolean sweep(Set<Integer> inUse, Slice slice) {
        for (int number : unwanted()) {
            if (slice.isOver()) {
                return false;
            }
            if (!inUse.contains(number)) {
                table.remove(number);
                placed.remove(number);
            }
        }
        return tidy(slice);
    }

    /** Classes that the kernel holds and nobody wants; none before all of the feed is known. */
    Set<Integer> unwanted() {
        if (!inSync) {
            return Set.of();
        }
        var unwanted = new TreeSet<>(table.numbers());
        unwanted.removeAll(wanted.keySet());
        return unwanted;
    }

    /** Sorted by pod, then as policy-service has the entries. */
    public TableView rows(Endpoints endpoints) {
        return PolicyRows.of(
                endpoints, number -> Optional.ofNullable(placed.get(number)).map(Wanted::item), slots.ports());
    }

    private void set(PolicyClass item) {
        int number = item.getNumber();
        var target = Wanted.of(item);
        wanted.put(number, target);
        pending.put(number, target);
        slots.set(number, item.getSlotsList());
    }

    /** A key that is no number was refused with its item: nothing was made of it. */
    private static List<Integer> numbers(Set<String> keys) {
        var numbers = new ArrayList<Integer>();
        for (var key : keys) {
            try {
                numbers.add(Integer.valueOf(key));
            } catch (NumberFormatException _) {
                // Nobody's.
            }
        }
        return numbers;
    }

    private void remove(int number) {
        wanted.remove(number);
        pending.remove(number);
        refused.remove(number);
        slots.set(number, List.of());
    }

    private Outcome place(int number, Wanted target, Slice slice) {
        Outcome outcome;
        try {
            outcome = placement.place(number, target.rules(), slice);
        } catch (BpfException e) {
            return new Outcome.Failed(e.reason(), String.valueOf(e.getMessage()));
        }
        if (outcome instanceof Outcome.Placed) {
            placed.put(number, target);
            refused.remove(number);
        } else if (outcome instanceof Outcome.Refused(var reason, var message)) {
            refused.put(number, new ItemRefusal(item(number), reason, message));
        }
        return outcome;
    }

    /** Lets go of blocks and slots that nothing speaks of any more; false if the slice was over first. */
    private boolean tidy(Slice slice) {
        if (!inSync || !pending.isEmpty()) {
            return true;
        }
        slots.sweep(table.slots(), slice);
        if (!placed.keySet().containsAll(table.numbers())) {
            // What a class of an earlier process needs isn't known; it goes or is told of first.
            return true;
        }
        Set<PrefixKey> needed = new HashSet<>();
        placed.values().forEach(each -> needed.addAll(each.rules().blocks()));
        return placement.sweep(needed, slice);
    }

    private static ItemKey item(int number) {
        return Table.CLASSES.item(Integer.toString(number));
    }
}
