// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.kumo.dataplane.bpf.FakeKernelMap;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A node's Services over kernel maps in memory, which refuse to break a reference. */
final class FakeNode {
    final FakeKernelMap<FrontendKey, Frontend> frontends = new FakeKernelMap<>("frontends");
    final FakeKernelMap<BackendSlot, Integer> sets = new FakeKernelMap<>("backend_sets");
    final FakeKernelMap<Integer, Backend> backends;
    final FakeKernelMap<SourceRangeKey, Integer> ranges = new FakeKernelMap<>("source_ranges");
    final RecordedHealthChecks healthChecks = new RecordedHealthChecks();
    private final Path numbers;
    private ServiceManager manager;
    private final Map<ItemKey, MessageLite> held = new TreeMap<>();
    private Supplier<Slice> slices = Slice::unlimited;

    /** One change of one item: its new content, or empty for its removal. */
    record Step(ItemKey key, Optional<MessageLite> content) {}

    FakeNode(Path directory) {
        this(directory, Integer.MAX_VALUE);
    }

    FakeNode(Path directory, int backendCapacity) {
        this.numbers = directory.resolve("numbers.json");
        this.backends = new FakeKernelMap<>("backends", backendCapacity);
        frontends.watch(this::checkFrontend);
        sets.watch(this::checkSlot);
        backends.watch(this::checkBackend);
        this.manager = start();
    }

    /** The process ends and another one begins, which knows what is on disk and in the kernel. */
    void restart() {
        manager = start();
        held.clear();
    }

    private ServiceManager start() {
        var maps = new ServiceMaps(
                new ReconciledMap<>(frontends),
                new ReconciledMap<>(sets),
                new ReconciledMap<>(backends),
                new ReconciledMap<>(ranges));
        return new ServiceManager(Facts.NODE, maps, new Numbers(new NumberFile(numbers)), healthChecks);
    }

    void sliceBy(Supplier<Slice> slices) {
        this.slices = slices;
    }

    /** Tells all of it at once and applies it. */
    Applied become(Facts facts) {
        tell(stepsTo(facts));
        inSync();
        manager.takeHostPorts(facts.hostPorts);
        return apply();
    }

    /** What leads from what the node was told to these facts, by key. */
    List<Step> stepsTo(Facts facts) {
        Map<ItemKey, Message> next = items(facts);
        var steps = new ArrayList<Step>();
        held.keySet().stream()
                .filter(key -> !next.containsKey(key))
                .forEach(key -> steps.add(new Step(key, Optional.empty())));
        next.forEach((key, message) -> {
            if (!message.equals(held.get(key))) {
                steps.add(new Step(key, Optional.of(message)));
            }
        });
        return steps;
    }

    void tell(List<Step> steps) {
        for (FeedMethods feed : List.of(FeedMethods.POLICY, FeedMethods.SERVICE)) {
            boolean policy = feed == FeedMethods.POLICY;
            List<Step> mine = steps.stream()
                    .filter(step -> step.key().table().equals("nodes") == policy)
                    .toList();
            if (!mine.isEmpty()) {
                manager.onUpdate(new DesiredChange(feed, upserts(mine), removes(mine), false));
            }
        }
        steps.forEach(step -> step.content()
                .ifPresentOrElse(message -> held.put(step.key(), message), () -> held.remove(step.key())));
    }

    /** Takes and applies what a feed says. */
    void take(DesiredChange change) {
        manager.onUpdate(change);
        apply();
    }

    void takeHostPorts(Collection<HostPort> ports) {
        manager.takeHostPorts(ports);
    }

    void inSync() {
        manager.onUpdate(new DesiredChange(FeedMethods.POLICY, List.of(), List.of(), true));
        manager.onUpdate(new DesiredChange(FeedMethods.SERVICE, List.of(), List.of(), true));
    }

    /** Until nothing is left of what can be done. */
    Applied apply() {
        Applied applied = manager.apply(slices.get());
        for (int turns = 0; applied instanceof Applied.More; turns++) {
            assertThat(turns).as("turns").isLessThan(10_000);
            applied = manager.apply(slices.get());
        }
        return applied;
    }

    /** One turn, that may end in the middle. */
    Applied applyOnce(Slice slice) {
        return manager.apply(slice);
    }

    int writes() {
        return frontends.writes() + sets.writes() + backends.writes() + ranges.writes();
    }

    /** The kernel's frontends as what they lead to, with all numbers resolved. */
    Map<String, String> served() {
        var served = new TreeMap<String, String>();
        frontends.forEach((key, frontend) -> {
            var to = new ArrayList<String>();
            for (int index = 0; index < frontend.count(); index++) {
                int number = sets.lookup(new BackendSlot(frontend.set(), index)).orElseThrow();
                to.add(backends.lookup(number).orElseThrow().toString());
            }
            var open = new ArrayList<String>();
            ranges.forEach((range, _) -> {
                if ((frontend.flags() & Frontend.SOURCE_RANGES) != 0 && range.service() == frontend.service()) {
                    open.add(range.address() + "/" + range.prefixLength());
                }
            });
            served.put(key.toString(), text(frontend.flags(), frontend.affinitySeconds(), to, open));
        });
        return served;
    }

    /** What {@link #served} must be. */
    static Map<String, String> expected(Facts facts) {
        var plan = new FrontendPlanner(facts.node()).plan(facts.services, facts.backends, facts.hostPorts);
        var expected = new TreeMap<String, String>();
        plan.frontends().forEach((key, frontend) -> {
            List<String> open = (frontend.flags() & Frontend.SOURCE_RANGES) == 0
                    ? List.of()
                    : plan.sourceRanges().get(frontend.owner()).stream()
                            .map(range -> range.address() + "/" + (range.length() + 32))
                            .toList();
            List<String> to =
                    frontend.backends().stream().map(Backend::toString).toList();
            expected.put(key.toString(), text(frontend.flags(), frontend.affinitySeconds(), to, open));
        });
        return expected;
    }

    private static String text(int flags, int affinity, List<String> to, List<String> open) {
        return "flags %d, affinity %d, to %s, open to %s"
                .formatted(flags, affinity, to, open.stream().sorted().toList());
    }

    static Map<ItemKey, Message> items(Facts facts) {
        var items = new TreeMap<ItemKey, Message>();
        facts.services.forEach(service -> items.put(Table.SERVICES.item(Facts.keyOf(service)), service));
        facts.backends.forEach(backend -> items.put(Table.BACKENDS.item(Facts.keyOf(backend)), backend));
        facts.nodes.forEach((name, node) -> items.put(Table.NODES.item(name), node));
        return items;
    }

    private static List<DesiredChange.Entry> upserts(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> step.content().stream().map(message -> new DesiredChange.Entry(step.key(), message)))
                .toList();
    }

    private static List<ItemKey> removes(List<Step> steps) {
        return steps.stream()
                .filter(step -> step.content().isEmpty())
                .map(Step::key)
                .toList();
    }

    private void checkFrontend(FrontendKey key, Optional<Frontend> value) {
        value.ifPresent(frontend -> {
            for (int index = 0; index < frontend.count(); index++) {
                assertThat(sets.lookup(new BackendSlot(frontend.set(), index)))
                        .as("slot %d of the set that %s names", index, key)
                        .isPresent();
            }
        });
    }

    private void checkSlot(BackendSlot slot, Optional<Integer> value) {
        if (value.isPresent()) {
            assertThat(backends.lookup(value.get())).as("backend of %s", slot).isPresent();
        }
        if (!value.equals(sets.lookup(slot))) {
            frontends.forEach(
                    (key, frontend) -> assertThat(frontend.set() == slot.set() && slot.index() < frontend.count())
                            .as("%s changes while %s names its set", slot, key)
                            .isFalse());
        }
    }

    private void checkBackend(int number, Optional<Backend> value) {
        if (!value.equals(backends.lookup(number))) {
            sets.forEach((slot, named) -> assertThat(named)
                    .as("backend changes while %s names it", slot)
                    .isNotEqualTo(number));
        }
    }

    /** Notes what is to be answered. */
    static final class RecordedHealthChecks implements HealthCheckPorts {
        Map<Integer, HealthCheck> checks = Map.of();
        Set<Address> addresses = Set.of();
        List<Problem> problems = List.of();

        @Override
        public void set(Map<Integer, HealthCheck> checks, Set<Address> addresses) {
            this.checks = Map.copyOf(checks);
            this.addresses = Set.copyOf(addresses);
        }

        @Override
        public Collection<Problem> problems() {
            return problems;
        }

        @Override
        public void onProblem(Runnable listener) {
            throw new UnsupportedOperationException("this node has no loop");
        }

        void cannotOpen(int port) {
            HealthCheck check = checks.get(port);
            problems = List.of(
                    new Problem(Owner.service(check.namespace(), check.name()), Reason.PORT_IN_USE, "port " + port));
        }
    }
}
