// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a service plans from. Nothing is signalled before all have synced; then changes are told to one listener
 * on one named thread, however many came while it ran.
 *
 * <p>Once a second the resourceVersions are looked at as well, so that what is served never claims less than what was seen.
 */
public final class TableSet implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TableSet.class);
    private static final Duration VERSION_PERIOD = Duration.ofSeconds(1);
    private static final Duration SYNC_PERIOD = Duration.ofMillis(50);
    private static final Duration RECHECK_PERIOD = Duration.ofSeconds(20);

    private final String name;
    private final KubernetesClient client;
    private final List<KubeTable<?>> tables = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private boolean dirty;
    private boolean closed;
    /** {@link System#nanoTime} of the next signal by time; 0 is none. */
    private long alarm;

    private volatile @Nullable Thread thread;
    private volatile @Nullable Thread rechecks;

    public TableSet(String name, KubernetesClient client) {
        this.name = name;
        this.client = client;
    }

    /** Before {@link #start}. */
    public <R extends HasMetadata, V> KubeTable<V> add(TableSource<R, V> source) {
        var table = new KubeTable<>(client, source, this::signal);
        tables.add(table);
        return table;
    }

    /** @param listener reads the tables and plans; where it throws, it is told again after a second */
    public void start(Runnable listener) {
        tables.forEach(KubeTable::start);
        thread = Thread.ofPlatform().name("tables-" + name).daemon(true).start(() -> run(listener));
        rechecks = Thread.ofVirtual().name("rechecks-" + name).start(this::recheck);
    }

    /** Something else that plans depend on has changed. Any thread, never blocks for long. */
    public void signal() {
        lock.lock();
        try {
            dirty = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Signals once the time has passed, as a change would. Any thread. */
    public void signalIn(Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        lock.lock();
        try {
            if (alarm == 0 || at - alarm < 0) {
                alarm = at;
                wake.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    public List<KubeTable<?>> tables() {
        return List.copyOf(tables);
    }

    /** Names of the tables that have not synced yet, in the order in which they were added. */
    public List<String> waitingFor() {
        return tables.stream()
                .filter(table -> !table.synced())
                .map(KubeTable::name)
                .toList();
    }

    public boolean synced() {
        return tables.stream().allMatch(KubeTable::synced);
    }

    /** Whether the thread that plans is there; without it nothing is ever served anew. */
    public boolean alive() {
        var running = thread;
        return running == null || running.isAlive();
    }

    /** Read before the rows: the vector claims no more than they reflect. */
    public SortedMap<String, Long> resourceVersions() {
        var versions = new TreeMap<String, Long>();
        for (var table : tables) {
            if (table.resourceVersion() > 0) {
                versions.put(table.name(), table.resourceVersion());
            }
        }
        return versions;
    }

    /** Lists a table anew, because someone has seen more of it than we have. An unknown name is nobody's table. */
    public void relist(String table) {
        tables.stream().filter(candidate -> candidate.name().equals(table)).forEach(KubeTable::relist);
    }

    /** Gauges {@code kumo_table_rows}, {@code kumo_table_problems}, {@code kumo_table_synced}, one each a table. */
    public void bindTo(MeterRegistry registry) {
        for (var table : tables) {
            Gauge.builder("kumo.table.rows", table, t -> t.rows().size())
                    .tag("table", table.name())
                    .register(registry);
            Gauge.builder("kumo.table.problems", table, t -> t.problems().size())
                    .tag("table", table.name())
                    .register(registry);
            Gauge.builder("kumo.table.synced", table, t -> t.synced() ? 1 : 0)
                    .tag("table", table.name())
                    .register(registry);
        }
    }

    @Override
    public void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        tables.forEach(KubeTable::close);
        var rechecking = rechecks;
        if (rechecking != null) {
            rechecking.interrupt();
        }
        var running = thread;
        if (running != null) {
            running.join();
        }
    }

    /** One table after another, so that the server has one short watch of ours at a time. */
    private void recheck() {
        try {
            while (true) {
                Thread.sleep(RECHECK_PERIOD);
                for (var table : tables) {
                    table.recheck();
                }
            }
        } catch (InterruptedException e) {
            LOG.debugf("%s: rechecks end", name);
        }
    }

    private void run(Runnable listener) {
        SortedMap<String, Long> told = new TreeMap<>();
        while (awaitWork()) {
            var versions = resourceVersions();
            if (synced() && (takeDirty() || !versions.equals(told))) {
                told = versions;
                try {
                    listener.run();
                } catch (RuntimeException e) {
                    LOG.errorf(e, "%s: a change could not be told; told again", name);
                    signalIn(VERSION_PERIOD);
                }
            }
        }
    }

    /** @return false when closed */
    private boolean awaitWork() {
        lock.lock();
        try {
            long period = synced() ? VERSION_PERIOD.toNanos() : SYNC_PERIOD.toNanos();
            long end = System.nanoTime() + period;
            while (!closed && !(dirty && synced()) && end - System.nanoTime() > 0) {
                long next = alarm != 0 && alarm - end < 0 ? alarm : end;
                var _ = wake.awaitNanos(Math.max(1, next - System.nanoTime()));
                ring();
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void ring() {
        if (alarm != 0 && System.nanoTime() - alarm >= 0) {
            alarm = 0;
            dirty = true;
        }
    }

    private boolean takeDirty() {
        lock.lock();
        try {
            boolean was = dirty;
            dirty = false;
            return was;
        } finally {
            lock.unlock();
        }
    }
}
