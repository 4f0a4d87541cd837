// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The problems that stand: each is logged once when it comes and once when it goes, and counted by reason in gauge
 * {@code kumo_problems}. Reported by the tables' thread, read by any.
 */
@Singleton
public final class ProblemLog {
    private static final Logger LOG = Logger.getLogger(ProblemLog.class);

    private final MeterRegistry metrics;
    private final Map<String, AtomicInteger> byReason = new ConcurrentHashMap<>();
    private volatile SortedSet<Problem> standing = Collections.emptySortedSet();

    public ProblemLog(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** @param problems all that stand now */
    public void report(Collection<Problem> problems) {
        var now = new TreeSet<>(problems);
        var before = standing;
        now.stream().filter(problem -> !before.contains(problem)).forEach(problem -> LOG.warn(problem.toString()));
        before.stream().filter(problem -> !now.contains(problem)).forEach(problem -> LOG.infof("solved: %s", problem));
        standing = Collections.unmodifiableSortedSet(now);
        byReason.values().forEach(count -> count.set(0));
        now.forEach(problem -> count(problem.reason()).incrementAndGet());
    }

    public SortedSet<Problem> standing() {
        return standing;
    }

    private AtomicInteger count(String reason) {
        return byReason.computeIfAbsent(reason, key -> {
            var count = new AtomicInteger();
            Gauge.builder("kumo.problems", count, AtomicInteger::get)
                    .tag("reason", key)
                    .register(metrics);
            return count;
        });
    }
}
