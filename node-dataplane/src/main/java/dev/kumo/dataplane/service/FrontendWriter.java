// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import dev.kumo.dataplane.reconcile.MapFailure;
import dev.kumo.dataplane.reconcile.MapPass;
import dev.kumo.dataplane.reconcile.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes frontends true, make before break: backends, then the sets of them, then frontends that name the sets (each switches
 * from its old set to its new one in one atomic write), then what nothing names any more in the reverse order. A frontend
 * whose set can't be written stays as it was. Apply-loop thread only.
 */
final class FrontendWriter {
    private final ServiceMaps maps;
    private final Numbers numbers;
    private final BackendSets sets;
    private final Map<FrontendKey, DesiredFrontend> wanted = new HashMap<>();
    /** Frontends whose new value isn't desired of the map yet, since their set isn't in the kernel. */
    private final Set<FrontendKey> waiting = new LinkedHashSet<>();

    private final Map<Owner, Set<Backend>> draining = new HashMap<>();
    private final Map<Owner, SortedSet<SourceRange>> ranges = new HashMap<>();
    private final Map<Owner, Integer> ownerUses = new HashMap<>();
    private final Set<Owner> unusedOwners = new HashSet<>();
    private boolean slotsKnown;

    /** How far a call came. */
    sealed interface Outcome {
        /** The slice ended first. */
        record Unfinished() implements Outcome {}

        /** All was tried. */
        record Finished(List<Problem> failures) implements Outcome {}
    }

    FrontendWriter(ServiceMaps maps, Numbers numbers) {
        this.maps = maps;
        this.numbers = numbers;
        this.sets = new BackendSets(maps, numbers);
    }

    /** Reads what an earlier process left in the kernel; call it once, first. */
    void load() {
        maps.load();
        sets.adoptKernel();
        maps.frontends()
                .kernel()
                .values()
                .forEach(frontend -> numbers.services().startAbove(frontend.service()));
        maps.sourceRanges().kernel().keySet().forEach(key -> numbers.services().startAbove(key.service()));
        unusedOwners.addAll(numbers.services().numbers().keySet());
    }

    void set(FrontendKey key, Optional<DesiredFrontend> next) {
        Optional<DesiredFrontend> old =
                Optional.ofNullable(next.isPresent() ? wanted.put(key, next.get()) : wanted.remove(key));
        if (old.equals(next)) {
            return;
        }
        next.ifPresent(frontend -> {
            sets.acquire(frontend.backends());
            use(frontend.owner());
            waiting.add(key);
        });
        old.ifPresent(frontend -> {
            sets.release(frontend.backends());
            leave(frontend.owner());
        });
        if (next.isEmpty()) {
            waiting.remove(key);
            maps.frontends().removeDesired(key);
        }
    }

    /** Backends that stay in the kernel for who is connected to them, whether or not a set has them. */
    void setDraining(Owner owner, Set<Backend> next) {
        Set<Backend> old = next.isEmpty() ? draining.remove(owner) : draining.put(owner, next);
        next.forEach(sets::hold);
        if (old != null) {
            old.forEach(sets::letGo);
        }
    }

    void setRanges(Owner owner, SortedSet<SourceRange> next) {
        SortedSet<SourceRange> old = next.isEmpty() ? ranges.remove(owner) : ranges.put(owner, next);
        if (old == null && next.isEmpty() || next.equals(old)) {
            return;
        }
        int service = use(owner);
        next.forEach(range -> maps.sourceRanges().setDesired(keyOf(range, service), 1));
        if (old != null) {
            old.stream()
                    .filter(range -> !next.contains(range))
                    .forEach(range -> maps.sourceRanges().removeDesired(keyOf(range, service)));
            leave(owner);
        }
        if (next.isEmpty()) {
            leave(owner);
        }
    }

    /**
     * Frontends have the slots that they ask for from now on; until then they keep those that an earlier process gave them.
     *
     * @return whether that is new
     */
    boolean takeUpSlots() {
        if (slotsKnown) {
            return false;
        }
        slotsKnown = true;
        wanted.forEach((key, frontend) -> {
            if (!frontend.isMarker()) {
                waiting.add(key);
            }
        });
        return true;
    }

    /** Whether the kernel has the frontend as it is wanted, as far as Envoy is concerned. */
    boolean leads(DesiredFrontend frontend) {
        Frontend held = maps.frontends().kernel().get(frontend.key());
        return held != null && held.slot() == frontend.slot();
    }

    /** Slots that frontends of the kernel have. */
    Set<Integer> slots() {
        return maps.frontends().kernel().values().stream().map(Frontend::slot).collect(Collectors.toSet());
    }

    Optional<DesiredFrontend> wanted(FrontendKey key) {
        return Optional.ofNullable(wanted.get(key));
    }

    Map<FrontendKey, DesiredFrontend> wanted() {
        return Map.copyOf(wanted);
    }

    /**
     * Goes on until all was tried or the slice is over.
     *
     * @param sweep whether all that is desired is known, so that the rest may go
     */
    Outcome apply(Slice slice, boolean sweep) {
        numbers.save();
        var failures = new Failures();
        if (!failures.note(maps.backends().applyUpdates(slice))) {
            return new Outcome.Unfinished();
        }
        sets.stage();
        if (!failures.note(maps.backendSets().applyUpdates(slice))
                || !failures.noteRanges(maps.sourceRanges().applyUpdates(slice))) {
            return new Outcome.Unfinished();
        }
        release(failures);
        if (!failures.noteFrontends(maps.frontends().applyUpdates(slice)) || sweep && !removeOld(slice, failures)) {
            return new Outcome.Unfinished();
        }
        return new Outcome.Finished(failures.problems);
    }

    /** Lets frontends through whose set is in the kernel now. */
    private void release(Failures failures) {
        waiting.removeIf(key -> {
            DesiredFrontend frontend = wanted.get(key);
            if (frontend == null || !sets.isReady(frontend.backends())) {
                failures.blocked(frontend);
                return false;
            }
            maps.frontends().setDesired(key, valueOf(frontend));
            return true;
        });
    }

    private boolean removeOld(Slice slice, Failures failures) {
        if (!failures.noteFrontends(maps.frontends().applyDeletes(slice))) {
            return false;
        }
        sets.collect(namedByKernel());
        if (!failures.noteRanges(maps.sourceRanges().applyDeletes(slice))
                || !failures.note(maps.backendSets().applyDeletes(slice))) {
            return false;
        }
        if (maps.backendSets().pendingDeletes().isEmpty()
                && !failures.note(maps.backends().applyDeletes(slice))) {
            return false;
        }
        if (waiting.isEmpty() && maps.all().stream().allMatch(map -> map.pending() == 0)) {
            sets.releaseNumbers();
            unusedOwners.forEach(numbers.services()::release);
            unusedOwners.clear();
        }
        return true;
    }

    /** Sets that frontends of the kernel name which differ from what is wanted; all others name wanted ones. */
    private Set<Integer> namedByKernel() {
        var named = new HashSet<Integer>();
        for (Set<FrontendKey> differing : List.of(
                waiting, maps.frontends().pendingUpdates(), maps.frontends().pendingDeletes())) {
            for (FrontendKey key : differing) {
                Frontend held = maps.frontends().kernel().get(key);
                if (held != null) {
                    named.add(held.set());
                }
            }
        }
        return named;
    }

    private Frontend valueOf(DesiredFrontend frontend) {
        if (frontend.isMarker()) {
            return new Frontend(0, 0, 0, 0, 0, 0);
        }
        return new Frontend(
                numbers.services().numberOf(frontend.owner()),
                sets.numberOf(frontend.backends()),
                frontend.backends().size(),
                frontend.flags(),
                frontend.affinitySeconds(),
                slotOf(frontend));
    }

    private int slotOf(DesiredFrontend frontend) {
        if (slotsKnown) {
            return frontend.slot();
        }
        Frontend held = maps.frontends().kernel().get(frontend.key());
        return held == null ? 0 : held.slot();
    }

    private int use(Owner owner) {
        ownerUses.merge(owner, 1, Integer::sum);
        unusedOwners.remove(owner);
        return numbers.services().numberOf(owner);
    }

    private void leave(Owner owner) {
        if (ownerUses.merge(owner, -1, Integer::sum) == 0) {
            ownerUses.remove(owner);
            unusedOwners.add(owner);
        }
    }

    private static SourceRangeKey keyOf(SourceRange range, int service) {
        return new SourceRangeKey(Integer.SIZE + range.length(), service, range.address());
    }

    /** What failed in one call, as problems of the owners that it concerns. */
    private final class Failures {
        final List<Problem> problems = new ArrayList<>();
        private Optional<MapFailure<?>> referent = Optional.empty();

        /** Of a map that others refer to: the frontends that wait for it tell. */
        boolean note(MapPass<?> pass) {
            if (referent.isEmpty() && !pass.failures().isEmpty()) {
                referent = Optional.of(pass.failures().getFirst());
            }
            return pass.complete();
        }

        boolean noteFrontends(MapPass<FrontendKey> pass) {
            pass.failures()
                    .forEach(failure -> wanted(failure.key()).ifPresent(frontend -> add(frontend.owner(), failure)));
            return pass.complete();
        }

        boolean noteRanges(MapPass<SourceRangeKey> pass) {
            pass.failures()
                    .forEach(failure ->
                            numbers.services().keyOf(failure.key().service()).ifPresent(owner -> add(owner, failure)));
            return pass.complete();
        }

        void blocked(@Nullable DesiredFrontend frontend) {
            if (frontend != null) {
                referent.ifPresent(failure -> add(frontend.owner(), failure));
            }
        }

        private void add(Owner owner, MapFailure<?> failure) {
            problems.add(new Problem(owner, failure.reason(), failure.message()));
        }
    }
}
