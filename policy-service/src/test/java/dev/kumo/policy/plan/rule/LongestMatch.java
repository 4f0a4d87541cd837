// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.parse.CidrParser;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks flows up in a plan as node and kernel do. */
final class LongestMatch {
    private static final int WORLD = 2;

    private final RulePlan plan;

    LongestMatch(RulePlan plan) {
        this.plan = plan;
    }

    Decision decide(World.Party.Pod subject, Direction direction, World.Party peer, int protocol, int port) {
        int number = plan.endpointClasses().get(subject.uid());
        if (number == RulePlan.ALLOW_ALL) {
            return Decision.ALLOW;
        }
        var policyClass = plan.classes().get(number);
        boolean enforced = direction == Direction.INGRESS ? policyClass.enforceIngress() : policyClass.enforceEgress();
        if (!enforced) {
            return Decision.ALLOW;
        }
        var entries = policyClass.entries().stream()
                .filter(entry -> entry.key().direction() == direction)
                .toList();
        return longest(entries, entryPeer(entries, peer), protocol, port)
                .or(() -> longest(entries, EntryPeer.ANY, protocol, port))
                .map(this::decision)
                .orElse(Decision.DENY);
    }

    private static EntryPeer entryPeer(List<PolicyEntry> entries, World.Party peer) {
        return switch (peer) {
            case World.Party.Pod pod -> new EntryPeer.Identity(pod.identity());
            case World.Party.Reserved reserved -> new EntryPeer.Identity(reserved.identity());
            case World.Party.Outside outside -> {
                var address = CidrParser.parse(outside.address()).orElseThrow();
                yield entries.stream()
                        .map(entry -> entry.key().peer())
                        .filter(EntryPeer.Block.class::isInstance)
                        .map(EntryPeer.Block.class::cast)
                        .filter(block -> block.block().contains(address))
                        .max(Comparator.comparingInt(block -> block.block().length()))
                        .<EntryPeer>map(block -> block)
                        .orElse(new EntryPeer.Identity(WORLD));
            }
        };
    }

    private static Optional<PolicyEntry> longest(List<PolicyEntry> entries, EntryPeer peer, int protocol, int port) {
        return entries.stream()
                .filter(entry -> entry.key().peer().equals(peer))
                .filter(entry -> entry.key().protocol() == 0
                        || (entry.key().protocol() == protocol
                                && entry.key().ports().contains(port)))
                .max(Comparator.<PolicyEntry>comparingInt(entry -> entry.key().protocol() == 0 ? 0 : 1)
                        .thenComparing(entry -> entry.key().ports().length()));
    }

    private Decision decision(PolicyEntry entry) {
        if (entry.deny()) {
            return Decision.DENY;
        }
        if (entry.slot() == 0) {
            return Decision.ALLOW;
        }
        return Decision.filter(plan.ruleSets().get(entry.slot()).stream()
                .map(request -> "%s %s %s".formatted(request.method(), request.path(), request.headers()))
                .collect(Collectors.toSet()));
    }
}
