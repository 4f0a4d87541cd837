// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Which manager works next, by priority and order of registration, and which one waits after a failure. */
final class Turns {
    private static final class State {
        final Manager manager;
        boolean dirty = true;
        int failures;
        /** Nanoseconds of {@link System#nanoTime} at which a failed manager is due again. */
        @Nullable
        Long dueAt;

        State(Manager manager) {
            this.manager = manager;
        }

        boolean isDue(long now) {
            var due = dueAt;
            return dirty || due != null && now - due >= 0;
        }
    }

    private final List<State> states = new ArrayList<>();
    private final Backoff backoff;
    /** Read by other threads. */
    private final Map<String, Applied.Retry> failing = new ConcurrentSkipListMap<>();

    Turns(Backoff backoff) {
        this.backoff = backoff;
    }

    /** A new manager is due at once: it may have to adopt what the kernel holds. */
    void add(Manager manager) {
        states.add(new State(manager));
        states.sort(Comparator.comparing(state -> state.manager.priority()));
    }

    List<Manager> managers() {
        return states.stream().map(state -> state.manager).toList();
    }

    void wake(Manager manager) {
        stateOf(manager).dirty = true;
    }

    Optional<Manager> next(long now) {
        return states.stream()
                .filter(state -> state.isDue(now))
                .map(state -> state.manager)
                .findFirst();
    }

    /** Nanoseconds until the first failed manager is due. */
    OptionalLong untilDue(long now) {
        return states.stream()
                .flatMap(state -> Optional.ofNullable(state.dueAt).stream())
                .mapToLong(due -> Math.max(0, due - now))
                .min();
    }

    /** Called before the turn, so that a wake-up within it isn't lost. */
    void begin(Manager manager) {
        var state = stateOf(manager);
        state.dirty = false;
        state.dueAt = null;
    }

    void end(Manager manager, Applied applied, long now) {
        var state = stateOf(manager);
        switch (applied) {
            case Applied.Done _ -> {
                state.failures = 0;
                failing.remove(manager.name());
            }
            case Applied.More _ -> state.dirty = true;
            case Applied.Later later -> {
                state.failures = 0;
                state.dueAt = now + later.within().toNanos();
                failing.remove(manager.name());
            }
            case Applied.Retry retry -> {
                state.failures++;
                state.dueAt = now + backoff.after(state.failures).toNanos();
                failing.put(manager.name(), retry);
            }
        }
    }

    /** What failed last, by manager. */
    Map<String, Applied.Retry> failing() {
        return Map.copyOf(failing);
    }

    private State stateOf(Manager manager) {
        return states.stream()
                .filter(state -> state.manager == manager)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not registered: " + manager.name()));
    }
}
