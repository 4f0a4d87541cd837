// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Backend sets by content, counted by the frontends that want them. A set is never changed: other backends are another set.
 * Frontends with the same backends share one. Slots are written once all their backends are in the kernel, and go before
 * their backends do. Apply-loop thread only.
 */
final class BackendSets {
    private static final class Entry {
        final List<Backend> content;
        final int number;
        int wanted;

        Entry(List<Backend> content, int number) {
            this.content = content;
            this.number = number;
        }
    }

    private final ServiceMaps maps;
    private final Numbers numbers;
    private final Map<List<Backend>, Entry> entries = new HashMap<>();
    private final Map<Backend, Integer> backendUses = new HashMap<>();
    /** Sets whose slots aren't desired yet, since a backend isn't in the kernel. */
    private final Set<Entry> unstaged = new LinkedHashSet<>();
    /** Sets that no frontend wants; one of the kernel may still name them. */
    private final Set<Entry> idle = new LinkedHashSet<>();

    private final Set<Backend> unusedBackends = new LinkedHashSet<>();
    private final Set<List<Backend>> unusedSets = new LinkedHashSet<>();

    BackendSets(ServiceMaps maps, Numbers numbers) {
        this.maps = maps;
        this.numbers = numbers;
    }

    /** Takes up what an earlier process left in the kernel, under its numbers; nobody wants it yet. */
    void adoptKernel() {
        maps.backends().kernel().forEach((number, backend) -> numbers.backends().adopt(backend, number));
        var slots = new TreeMap<Integer, TreeMap<Integer, Integer>>();
        maps.backendSets()
                .kernel()
                .forEach((slot, backend) ->
                        slots.computeIfAbsent(slot.set(), _ -> new TreeMap<>()).put(slot.index(), backend));
        slots.forEach(this::adopt);
        unusedBackends.addAll(numbers.backends().numbers().keySet());
        unusedBackends.removeAll(backendUses.keySet());
    }

    private void adopt(int set, TreeMap<Integer, Integer> slots) {
        numbers.sets().startAbove(set);
        var content = new ArrayList<Backend>();
        for (int number : slots.values()) {
            Backend backend = maps.backends().kernel().get(number);
            if (backend == null || numbers.backends().existing(backend).orElse(0) != number) {
                return;
            }
            content.add(backend);
        }
        if (slots.lastKey() == slots.size() - 1 && !entries.containsKey(content)) {
            numbers.sets().adopt(List.copyOf(content), set);
            idle.add(create(List.copyOf(content)));
        }
    }

    /** One frontend more wants the set. */
    void acquire(List<Backend> content) {
        if (content.isEmpty()) {
            return;
        }
        Entry entry = entries.get(content);
        if (entry == null) {
            entry = create(content);
        }
        entry.wanted++;
        idle.remove(entry);
    }

    /** One frontend less wants the set. */
    void release(List<Backend> content) {
        Entry entry = entries.get(content);
        if (entry != null && --entry.wanted == 0) {
            idle.add(entry);
        }
    }

    private Entry create(List<Backend> content) {
        var entry = new Entry(content, numbers.sets().numberOf(content));
        entries.put(content, entry);
        unusedSets.remove(content);
        content.forEach(this::hold);
        unstaged.add(entry);
        return entry;
    }

    /** Desires the slots of sets whose backends are all in the kernel. */
    void stage() {
        unstaged.removeIf(entry -> {
            boolean complete = entry.content.stream().allMatch(this::isInKernel);
            if (complete) {
                for (int index = 0; index < entry.content.size(); index++) {
                    maps.backendSets().setDesired(new BackendSlot(entry.number, index), numberOf(entry, index));
                }
            }
            return complete;
        });
    }

    /** Whether a frontend may name the set: the kernel holds all of it. */
    boolean isReady(List<Backend> content) {
        Entry entry = entries.get(content);
        if (content.isEmpty()) {
            return true;
        }
        if (entry == null || unstaged.contains(entry)) {
            return false;
        }
        for (int index = 0; index < content.size(); index++) {
            Integer held = maps.backendSets().kernel().get(new BackendSlot(entry.number, index));
            if (held == null || held != numberOf(entry, index)) {
                return false;
            }
        }
        return true;
    }

    /** Gives up sets that nobody wants, except those that the kernel's frontends still name, and their backends. */
    void collect(Set<Integer> named) {
        idle.removeIf(entry -> {
            if (named.contains(entry.number)) {
                return false;
            }
            entries.remove(entry.content);
            unstaged.remove(entry);
            unusedSets.add(entry.content);
            for (int index = 0; index < entry.content.size(); index++) {
                maps.backendSets().removeDesired(new BackendSlot(entry.number, index));
                letGo(entry.content.get(index));
            }
            return true;
        });
    }

    /** One more wants the backend in the kernel: a set, or those who are still connected to it. */
    void hold(Backend backend) {
        backendUses.merge(backend, 1, Integer::sum);
        unusedBackends.remove(backend);
        maps.backends().setDesired(numbers.backends().numberOf(backend), backend);
    }

    /** One less wants it. */
    void letGo(Backend backend) {
        if (backendUses.merge(backend, -1, Integer::sum) == 0) {
            backendUses.remove(backend);
            unusedBackends.add(backend);
            numbers.backends().existing(backend).ifPresent(maps.backends()::removeDesired);
        }
    }

    /** Frees the numbers of what was given up; called when the kernel holds none of it any more. */
    void releaseNumbers() {
        unusedSets.forEach(numbers.sets()::release);
        unusedSets.clear();
        unusedBackends.forEach(numbers.backends()::release);
        unusedBackends.clear();
    }

    private boolean isInKernel(Backend backend) {
        return numbers.backends()
                .existing(backend)
                .map(number -> backend.equals(maps.backends().kernel().get(number)))
                .orElse(false);
    }

    /** The number of a set that some frontend wants; 0 for no backends. */
    int numberOf(List<Backend> content) {
        return content.isEmpty() ? 0 : numbers.sets().numberOf(content);
    }

    private int numberOf(Entry entry, int index) {
        return numbers.backends().numberOf(entry.content.get(index));
    }
}
