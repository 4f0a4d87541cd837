// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.dataplane.service.Owner;
import dev.kumo.dataplane.service.Redirection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Which listener each redirect of the feed leads to. A listener that was never ready is not led to: the redirect stays where it
 * was, at the backends or at another listener. Apply-loop thread only.
 */
final class Redirects {
    private final SortedMap<String, Redirect> wanted = new TreeMap<>();
    /** By key, the listener that is led to. */
    private final Map<String, String> leading = new HashMap<>();

    void set(String key, Redirect redirect) {
        wanted.put(key, redirect);
    }

    void remove(String key) {
        wanted.remove(key);
        leading.remove(key);
    }

    SortedMap<String, Redirect> wanted() {
        return Collections.unmodifiableSortedMap(wanted);
    }

    static Owner ownerOf(Redirect redirect) {
        return Owner.service(redirect.getNamespace(), redirect.getService());
    }

    /** Redirects that name the listener. */
    List<Redirect> naming(String listener) {
        return wanted.values().stream()
                .filter(redirect -> redirect.getListener().equals(listener))
                .toList();
    }

    /** Listeners that have to be there for what is wanted and for what is led to. */
    Set<String> listeners() {
        var listeners = new HashSet<>(leading.values());
        wanted.values().forEach(redirect -> listeners.add(redirect.getListener()));
        return listeners;
    }

    /** Listeners whose connections go on from their clients' addresses. */
    Set<String> keepingSource() {
        var listeners = new HashSet<String>();
        wanted.values().stream()
                .filter(Redirect::getKeepSource)
                .forEach(redirect -> listeners.add(redirect.getListener()));
        return listeners;
    }

    /** @param slots of listeners that may be led to */
    Map<Owner, List<Redirection>> lead(Function<String, Optional<Integer>> slots) {
        var redirections = new HashMap<Owner, List<Redirection>>();
        wanted.forEach((key, redirect) -> {
            if (slots.apply(redirect.getListener()).isPresent()) {
                leading.put(key, redirect.getListener());
            }
            var listener = leading.get(key);
            if (listener != null) {
                slots.apply(listener)
                        .ifPresent(slot -> redirections
                                .computeIfAbsent(ownerOf(redirect), _ -> new ArrayList<>())
                                .add(new Redirection(Set.copyOf(redirect.getPortsList()), slot)));
            }
        });
        return redirections;
    }
}
