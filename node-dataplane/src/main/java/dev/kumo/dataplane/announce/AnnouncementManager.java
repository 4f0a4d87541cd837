// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.AnnouncementKey;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.StateItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@link Announcer} decides: rows of the kernel's map, claims and probes. It does nothing on the wire before
 * {@link #begin}, since a node that answers for an address must be able to serve it. Apply-loop thread only, except where said.
 */
public final class AnnouncementManager implements Manager {
    /** What {@link #counts} counts by. */
    public static final List<String> STATES =
            Stream.of(Ownership.State.values()).map(Ownership.State::text).toList();

    private static final Logger LOG = Logger.getLogger(AnnouncementManager.class);

    private final KernelMap<AnnouncementKey, Announcement> map;
    private final Surroundings surroundings;
    private final Announcer announcer;
    private final String node;
    /** By item key; Problem's reasons are the refusals'. */
    private final Map<String, ItemRefusal> refused = new TreeMap<>();

    private final Map<String, Address> addresses = new HashMap<>();
    private final Queue<LanDevice> changedDevices = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Running running;
    private volatile Map<String, Long> counts = Map.of();
    private boolean complete;
    private String unsendable = "";

    /**
     * What the manager is put into.
     *
     * @param clock milliseconds of a monotonic clock
     * @param alarm has the loop wake the manager after so many milliseconds at the latest, in place of what it was told before
     * @param envoyReady whether this node's Envoy can serve gateway addresses; any thread
     * @param transitions counts
     */
    public record Surroundings(
            LongSupplier clock, LongConsumer alarm, BooleanSupplier envoyReady, Consumer<Transition> transitions) {}

    /** Once begun. */
    private record Running(Wire wire, Consumer<StateItem> report) {}

    public AnnouncementManager(String node, KernelMap<AnnouncementKey, Announcement> map, Surroundings surroundings) {
        this.node = node;
        this.map = map;
        this.surroundings = surroundings;
        announcer = new Announcer(node);
    }

    @Override
    public String name() {
        return "announcements";
    }

    @Override
    public Priority priority() {
        return Priority.ANNOUNCEMENT;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.ANNOUNCEMENTS);
    }

    /** The hooks are in place and the maps hold what is known: from now on the node answers. Any thread; wake the manager. */
    public void begin(Wire wire, Consumer<StateItem> report) {
        running = new Running(wire, report);
    }

    /** A LAN device as it is now. Any thread; wake the manager. */
    public void device(LanDevice device) {
        changedDevices.add(device);
    }

    /** How many addresses are in each state, by its name in lower case. Any thread. */
    public Map<String, Long> counts() {
        return counts;
    }

    @Override
    public void onUpdate(DesiredChange change) {
        if (change.feed() != Table.ANNOUNCEMENTS.feed()) {
            return;
        }
        takeDevices();
        complete = change.inSync();
        for (var key : change.removes(Table.ANNOUNCEMENTS)) {
            refused.remove(key);
            var address = addresses.remove(key);
            if (address != null) {
                announcer.remove(address);
            }
        }
        change.upserts(Table.ANNOUNCEMENTS).forEach((key, item) -> take(key, HolderList.of(item)));
    }

    @Override
    public Applied apply(Slice slice) {
        takeDevices();
        var started = running;
        if (started == null) {
            return Applied.done(List.copyOf(refused.values()));
        }
        long now = surroundings.clock().getAsLong();
        started.wire().listenTo(announcer.senders());
        started.wire().arrivals().forEach(arrival -> announcer.heard(arrival.ifindex(), arrival.frame(), now));
        carryOut(announcer.probe(now), started.wire());
        Map<AnnouncementKey, BpfException> failures = Map.of();
        if (announcer.isDue(now)) {
            failures = carryOut(announcer.turn(rows(), complete, now), started.wire());
            report(started, now);
        }
        surroundings.alarm().accept(Math.max(0, announcer.due() - now));
        var refusals = new ArrayList<>(refused.values());
        if (failures.isEmpty()) {
            return Applied.done(refusals);
        }
        failures.forEach((key, failure) -> refusals.addAll(refusals(key, failure)));
        return Applied.retry(
                refusals, String.valueOf(failures.values().iterator().next().getMessage()));
    }

    /** By address and device. */
    public TableView rows(Instant now) {
        var view = TableView.columns("address", "interface", "term", "role", "state", "since", "last probe");
        for (var standing : announcer.standings(rows(), surroundings.clock().getAsLong())) {
            view.row(
                    standing.key().address().toString(),
                    standing.device(),
                    Long.toUnsignedString(standing.rank().term()),
                    standing.role(),
                    standing.state().text(),
                    now.minusMillis(standing.forMillis()).toString(),
                    standing.lastProbes());
        }
        return view.build();
    }

    private void takeDevices() {
        for (var device = changedDevices.poll(); device != null; device = changedDevices.poll()) {
            announcer.device(device);
        }
    }

    private void take(String key, HolderList list) {
        refused.remove(key);
        announcer
                .take(list)
                .or(() -> announcer.unknownInterfaces(list))
                .ifPresent(problem -> refused.put(
                        key, new ItemRefusal(Table.ANNOUNCEMENTS.item(key), problem.reason(), problem.message())));
        addresses.put(key, list.address());
    }

    private Map<AnnouncementKey, Announcement> rows() {
        var rows = new HashMap<AnnouncementKey, Announcement>();
        map.forEach(rows::put);
        return rows;
    }

    /** Rows that could not be written or deleted. Later turns go by what is there, and try again. */
    private Map<AnnouncementKey, BpfException> carryOut(List<Step> steps, Wire wire) {
        var failed = new LinkedHashMap<AnnouncementKey, BpfException>();
        for (var step : steps) {
            switch (step) {
                case Step.Write write -> attempt(write.key(), () -> map.update(write.key(), write.row()), failed);
                case Step.Delete delete -> attempt(delete.key(), () -> map.delete(delete.key()), failed);
                case Step.Claim claim -> {
                    if (!failed.containsKey(claim.key())) {
                        send(wire, claim.key().ifindex(), claim.frame());
                    }
                }
                case Step.Probe probe -> send(wire, probe.ifindex(), probe.frame());
                case Step.Changed changed -> {
                    if (!failed.containsKey(changed.key())) {
                        tell(changed);
                    }
                }
            }
        }
        return failed;
    }

    private static void attempt(AnnouncementKey key, Runnable change, Map<AnnouncementKey, BpfException> failed) {
        try {
            change.run();
        } catch (BpfException e) {
            failed.put(key, e);
        }
    }

    /** A frame that can't be sent is lost, as others are; the next one follows soon. */
    private void send(Wire wire, int ifindex, ArpFrame frame) {
        try {
            wire.send(ifindex, frame);
            unsendable = "";
        } catch (LinkException e) {
            if (!unsendable.equals(e.getMessage())) {
                unsendable = String.valueOf(e.getMessage());
                LOG.warn(unsendable);
            }
        }
    }

    private List<ItemRefusal> refusals(AnnouncementKey key, BpfException failure) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue().equals(key.address()))
                .map(entry -> new ItemRefusal(
                        Table.ANNOUNCEMENTS.item(entry.getKey()),
                        failure.reason(),
                        String.valueOf(failure.getMessage())))
                .toList();
    }

    private void tell(Step.Changed changed) {
        LOG.infof(
                "address=%s ifindex=%d %s term=%s position=%d",
                changed.key().address(),
                changed.key().ifindex(),
                changed.transition(),
                Long.toUnsignedString(changed.rank().term()),
                changed.rank().position());
        surroundings.transitions().accept(changed.transition());
    }

    private void report(Running started, long now) {
        var rows = rows();
        var standings = announcer.standings(rows, now);
        var counted = new TreeMap<String, Long>();
        standings.forEach(standing -> counted.merge(standing.state().text(), 1L, Long::sum));
        counts = Map.copyOf(counted);
        started.report()
                .accept(AnnouncementReport.of(
                        node,
                        standings,
                        announcer.devices(),
                        announcer.problems(rows, now),
                        surroundings.envoyReady().getAsBoolean()));
    }
}
