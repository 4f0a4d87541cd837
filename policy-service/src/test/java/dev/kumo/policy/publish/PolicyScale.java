// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import com.sun.management.OperatingSystemMXBean;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyPlan;
import dev.kumo.policy.plan.PolicyPlanner;
import dev.kumo.policy.plan.rule.CompiledRules;
import dev.kumo.policy.plan.rule.RuleInputs;
import dev.kumo.policy.plan.rule.RulePlanner;
import dev.kumo.stream.AckSession;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.SentBatch;
import dev.kumo.stream.StateDelta;
import dev.kumo.stream.StatePublisher;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import dev.kumo.testkit.Samples;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Measures planning and publishing of policies: how it grows with pods, and the way from an event to a thousand nodes' feeds.
 * {@code --nodes N --pods N --applications N --policies N --events N --largest PODS}
 */
public final class PolicyScale {
    private static final int[] SIZES = {1_000, 5_000, 30_000, 150_000};

    private PolicyScale() {}

    public static void main(String[] arguments) throws InterruptedException {
        int policies = Samples.option(arguments, "--policies", 30_000);
        int applications = Samples.option(arguments, "--applications", 6_000);
        int largest = Samples.option(arguments, "--largest", 150_000);
        for (int pods : SIZES) {
            if (pods <= largest) {
                growth(pods, Math.min(policies, pods), Math.min(applications, pods / 5));
            }
        }
        churn(
                Samples.option(arguments, "--nodes", 1_000),
                Samples.option(arguments, "--pods", 30_000),
                applications,
                policies,
                Samples.option(arguments, "--events", 40));
        Samples.note(
                "From tables' rows to batches as bytes; no API server. Node feeds are subscribers in the same process, without"
                        + " TLS and sockets.");
    }

    private static void growth(int pods, int policies, int applications) {
        double before = Samples.heapInUse();
        var cluster = new ManyPods(Math.max(10, pods / 30), pods, applications, policies);
        var replica = new Replica(FeedState.empty());
        var size = "%,d pods".formatted(pods);
        Samples.sample("plan, the first", "ms", size, Samples.millis(() -> replica.publish(cluster)));
        Samples.sample("plan, nothing changed", "ms", size, Samples.millis(() -> replica.publish(cluster)));
        for (int i = 0; i < 3; i++) {
            cluster.replacePod(i);
            Samples.sample("plan, one pod replaced", "ms", size, Samples.millis(() -> replica.publish(cluster)));
            cluster.editPolicy(i);
            Samples.sample("plan, one policy edited", "ms", size, Samples.millis(() -> replica.publish(cluster)));
        }
        Samples.sample("heap, no node connected", "MB", size, Samples.heapInUse() - before);
        replica.publish(cluster);
    }

    private static void churn(int nodes, int pods, int applications, int policies, int events)
            throws InterruptedException {
        double empty = Samples.heapInUse();
        var state = FeedState.empty();
        var cluster = new ManyPods(nodes, pods, applications, policies);
        var replica = new Replica(state);
        replica.publish(cluster);
        double planned = Samples.heapInUse();
        var told = new ConcurrentLinkedQueue<Double>();
        var feeds = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().name("node-feeds-", 0).daemon(true).factory());
        var outstanding = new AtomicInteger();
        for (var node : cluster.nodes) {
            state.publisher().subscribe(new NodeFeed(node.name(), state, feeds, outstanding, replica, told));
        }
        double connected = Samples.heapInUse();
        var metric = "event to delta on the node's feed";
        var what = "%,d pods, %,d policies, %,d nodes".formatted(pods, policies, nodes);
        var begun = System.nanoTime();
        long cpuBefore = processCpu();
        long loadBefore = threadsCpu("node-feeds-");
        for (var event : List.of("pod replaced", "policy edited")) {
            told.clear();
            for (int i = 0; i < events; i++) {
                if (event.startsWith("pod")) {
                    cluster.replacePod(i);
                } else {
                    cluster.editPolicy(i);
                }
                replica.publish(cluster);
                settle(outstanding);
                // What the nodes' acknowledgements change.
                replica.publish(cluster);
                settle(outstanding);
            }
            Samples.percentiles(metric, "ms", event + ", ", List.copyOf(told));
        }
        double cpu = (processCpu() - cpuBefore) / 1e9;
        double load = (threadsCpu("node-feeds-") - loadBefore) / 1e9;
        Samples.sample("CPU, all events", "s", "process", cpu);
        Samples.sample("CPU, all events", "s", "of it node feeds", load);
        Samples.sample("events a second", "1/s", what, 2.0 * events / ((System.nanoTime() - begun) / 1e9));
        Samples.sample("heap, " + what, "MB", "plan and snapshot", planned - empty);
        Samples.sample("heap, " + what, "MB", "what nodes hold", connected - planned);
        feeds.shutdown();
        replica.publish(cluster);
    }

    private static void settle(AtomicInteger outstanding) throws InterruptedException {
        while (outstanding.get() > 0) {
            Thread.sleep(1);
        }
    }

    private static long processCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long threadsCpu(String prefix) {
        var threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().startsWith(prefix)) {
                sum += threads.getThreadCpuTime(id);
            }
        }
        return sum;
    }

    /** Plans and publishes as the service does, but for what it writes to Kubernetes. */
    private static final class Replica {
        private final FeedState state;
        private final PolicyPlanner planner = new PolicyPlanner();
        private final RulePlanner rulePlanner = new RulePlanner();
        private final PolicyPublishing publishing;
        private SortedMap<String, PlannedEndpoint> inForce = new TreeMap<>();
        private @Nullable RuleInputs compiled;
        private CompiledRules rules = CompiledRules.NOTHING;
        private volatile long begun;

        Replica(FeedState state) {
            this.state = state;
            this.publishing = new PolicyPublishing(state);
        }

        void publish(ManyPods cluster) {
            begun = System.nanoTime();
            var now = Instant.now();
            var plan = planner.plan(cluster.inputs(inForce));
            inForce = plan.endpoints();
            var views = cluster.policies();
            compile(plan, views);
            var snapshot = publishing.snapshot(
                    plan, rules.plan(), Set.of(), new TreeMap<>(), new TreeMap<>(Map.of("pods", 1L)), now);
            var names = plan.nodes().keySet();
            publishing.policyStates(views, new NodePresence(names, names, names), Map.of(), now);
            state.publisher().publish(snapshot);
        }

        private void compile(PolicyPlan plan, List<PolicyView> views) {
            var inputs = new RuleInputs(
                    views.stream().map(PolicyView::policy).toList(),
                    plan.identities(),
                    plan.endpoints().values().stream()
                            .map(endpoint -> new RuleEndpoint(
                                    endpoint.podUid(), endpoint.identity(), endpoint.labels(), new TreeSet<>()))
                            .toList(),
                    List.of(),
                    List.of());
            if (!inputs.equals(compiled)) {
                rules = rulePlanner.plan(inputs, rules);
                compiled = inputs;
            }
        }
    }

    /** A node that holds everything that is its own and acknowledges at once what it is told. */
    private static final class NodeFeed implements StatePublisher.Subscriber {
        private final String node;
        private final FeedState state;
        private final ExecutorService threads;
        private final AtomicInteger outstanding;
        private final Replica replica;
        private final ConcurrentLinkedQueue<Double> told;
        private final AckSession acks;
        private long sequence;

        NodeFeed(
                String node,
                FeedState state,
                ExecutorService threads,
                AtomicInteger outstanding,
                Replica replica,
                ConcurrentLinkedQueue<Double> told) {
            this.node = node;
            this.state = state;
            this.threads = threads;
            this.outstanding = outstanding;
            this.replica = replica;
            this.told = told;
            var held = new HashMap<ItemKey, Long>();
            current().items().forEach((key, item) -> {
                if (item.audience().includes(node)) {
                    held.put(key, item.hash());
                }
            });
            this.acks = state.acks().open(node, held);
        }

        private StateSnapshot current() {
            var snapshot = state.publisher().current();
            return snapshot == null ? StateSnapshot.empty() : snapshot;
        }

        @Override
        public void changed(StateDelta delta) {
            if (!delta.isEmpty()) {
                outstanding.incrementAndGet();
                threads.execute(() -> take(delta));
            }
        }

        private synchronized void take(StateDelta delta) {
            try {
                var snapshot = current();
                var batch =
                        Batch.newBuilder().setSequence(++sequence).putAllResourceVersions(snapshot.resourceVersions());
                for (var key : delta.keys()) {
                    var item = snapshot.items().get(key);
                    var expected = acks.expected(key);
                    if (item != null && item.audience().includes(node)) {
                        if (expected == null || expected != item.hash()) {
                            batch.addUpserts(item.toProto());
                        }
                    } else if (expected != null) {
                        batch.addRemoves(key.toRef());
                    }
                }
                if (batch.getUpsertsCount() > 0 || batch.getRemovesCount() > 0) {
                    var message = batch.build();
                    acks.sending(SentBatch.of(message));
                    if (message.toByteArray().length > 0) {
                        told.add((System.nanoTime() - replica.begun) / 1e6);
                    }
                    acks.acknowledged(sequence, List.of());
                } else {
                    sequence--;
                }
            } finally {
                outstanding.decrementAndGet();
            }
        }
    }
}
