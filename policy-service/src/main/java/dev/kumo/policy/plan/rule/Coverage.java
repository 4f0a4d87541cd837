// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.PortMatch;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which elements of one direction speak of whom. Elements are known by their place in the list. */
final class Coverage {
    private final List<ResolvedRule.Element> elements;
    private final NamedPorts namedPorts;
    private final Verdict fallback;
    private final SortedSet<Integer> ofEverybody = new TreeSet<>();
    private final SortedMap<Integer, SortedSet<Integer>> byIdentity = new TreeMap<>();
    private final List<Optional<PortTable.Covering>> unnamed;
    private final Map<List<PortTable.Covering>, PortTable> tables = new HashMap<>();

    /** @param fallback on what no element covers */
    Coverage(Stream<ResolvedRule.Element> unsorted, NamedPorts namedPorts, Verdict fallback) {
        this.elements = unsorted.sorted(Comparator.comparing(ResolvedRule.Element::bound))
                .toList();
        this.namedPorts = namedPorts;
        this.fallback = fallback;
        IntStream.range(0, elements.size()).forEach(this::index);
        this.unnamed = elements.stream()
                .map(element -> Optional.of(element)
                        .filter(given -> given.namedPorts().findAny().isEmpty())
                        .map(given -> covering(given, EntryPeer.ANY)))
                .toList();
    }

    private void index(int place) {
        var element = elements.get(place);
        for (int identity : element.peers().identities()) {
            byIdentity.computeIfAbsent(identity, key -> new TreeSet<>()).add(place);
        }
        if (element.peers().any()) {
            ofEverybody.add(place);
            // A port that the peer names makes even such an element a matter of the peer.
            element.namedPorts()
                    .flatMap(named -> namedPorts.holders(named).stream())
                    .forEach(identity -> byIdentity.computeIfAbsent(identity, key -> new TreeSet<>()));
        }
    }

    List<ResolvedRule.Element> elements() {
        return elements;
    }

    /** Those of whom more is said than of everybody. */
    SortedSet<Integer> identities() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byIdentity.keySet()));
    }

    List<PortTable.Covering> ofEverybody() {
        return coverings(EntryPeer.ANY, List.of());
    }

    List<PortTable.Covering> of(int identity) {
        return coverings(new EntryPeer.Identity(identity), places(identity));
    }

    /** Places of the elements that name an identity. */
    SortedSet<Integer> places(int identity) {
        return byIdentity.getOrDefault(identity, Collections.emptySortedSet());
    }

    /** @param places of the elements that name the peer */
    List<PortTable.Covering> coverings(EntryPeer peer, Collection<Integer> places) {
        var all = new TreeSet<>(ofEverybody);
        all.addAll(places);
        return all.stream()
                .map(place -> unnamed.get(place).orElseGet(() -> covering(elements.get(place), peer)))
                .filter(covering -> !covering.ports().isEmpty())
                .toList();
    }

    private PortTable.Covering covering(ResolvedRule.Element element, EntryPeer peer) {
        return new PortTable.Covering(
                element.bound(),
                element.ports().stream()
                        .flatMap(port -> switch (port) {
                            case PortMatch.Numbers numbers -> Stream.of(numbers);
                            case PortMatch.Named named -> namedPorts.numbers(named, peer).stream();
                        })
                        .toList());
    }

    PortTable table(List<PortTable.Covering> coverings) {
        return tables.computeIfAbsent(coverings, key -> PortTable.of(key, fallback));
    }
}
