// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.RuleEndpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What named ports are. Incoming, the selected endpoint's own containers say it; outgoing, those of the peer: every pod of
 * an identity counts.
 */
interface NamedPorts {
    /** The ports that a peer's flow would have to go to. */
    List<PortMatch.Numbers> numbers(PortMatch.Named named, EntryPeer peer);

    /** Identities that have such a port of their own, if it is the peer's to say. */
    Set<Integer> holders(PortMatch.Named named);

    /** For flows to endpoints with these ports. */
    static NamedPorts ofSubject(Collection<NamedPort> ports) {
        return new NamedPorts() {
            @Override
            public List<PortMatch.Numbers> numbers(PortMatch.Named named, EntryPeer peer) {
                return select(ports, named);
            }

            @Override
            public Set<Integer> holders(PortMatch.Named named) {
                return Set.of();
            }
        };
    }

    /** The ports that the pods of each identity name; identities without are absent. */
    static Map<Integer, SortedSet<NamedPort>> byIdentity(Collection<RuleEndpoint> endpoints) {
        Map<Integer, SortedSet<NamedPort>> byIdentity = new HashMap<>();
        for (var endpoint : endpoints) {
            if (!endpoint.namedPorts().isEmpty()) {
                byIdentity
                        .computeIfAbsent(endpoint.identity(), identity -> new TreeSet<>())
                        .addAll(endpoint.namedPorts());
            }
        }
        return byIdentity;
    }

    /** For flows to peers. @param byIdentity as {@link #byIdentity} has it */
    static NamedPorts ofPeers(Map<Integer, SortedSet<NamedPort>> byIdentity) {
        return new NamedPorts() {
            @Override
            public List<PortMatch.Numbers> numbers(PortMatch.Named named, EntryPeer peer) {
                return peer instanceof EntryPeer.Identity(int number)
                        ? select(byIdentity.getOrDefault(number, new TreeSet<>()), named)
                        : List.of();
            }

            @Override
            public Set<Integer> holders(PortMatch.Named named) {
                var holders = new TreeSet<Integer>();
                byIdentity.forEach((identity, ports) -> {
                    if (!select(ports, named).isEmpty()) {
                        holders.add(identity);
                    }
                });
                return holders;
            }
        };
    }

    private static List<PortMatch.Numbers> select(Collection<NamedPort> ports, PortMatch.Named named) {
        return ports.stream()
                .filter(port ->
                        port.name().equals(named.name()) && named.protocols().contains(port.protocol()))
                .map(port -> new PortMatch.Numbers(port.protocol(), port.port(), port.port()))
                .distinct()
                .toList();
    }
}
