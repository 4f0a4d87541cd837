// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import inet.ipaddr.IPAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Orders the nodes of a group: holder, then backups. What is so already stays as far as it can; what is new goes to the node
 * with the least. Counts on as groups are ordered one after another.
 */
final class HolderOrder {
    /** A holder and three backups: a list is sent to each node in it. */
    static final int LONGEST = 4;

    private final Holding holding;
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Integer> backed = new HashMap<>();

    HolderOrder(Holding holding) {
        this.holding = holding;
    }

    /** Counts what is held before anything new is given. */
    void count(List<String> nodes) {
        if (!nodes.isEmpty()) {
            held.merge(nodes.getFirst(), 1, Integer::sum);
            nodes.stream().skip(1).limit(1).forEach(node -> backed.merge(node, 1, Integer::sum));
        }
    }

    private void uncount(List<String> nodes) {
        if (!nodes.isEmpty()) {
            held.merge(nodes.getFirst(), -1, Integer::sum);
            nodes.stream().skip(1).limit(1).forEach(node -> backed.merge(node, -1, Integer::sum));
        }
    }

    /**
     * @param candidates by node
     * @param before the order until now, which was counted
     * @param claimant who has taken over from the first of it
     * @return empty if nobody may hold the addresses
     */
    List<String> order(
            String group, SortedMap<String, Candidate> candidates, List<String> before, Optional<String> claimant) {
        uncount(before);
        var order = new ArrayList<String>();
        var serving = candidates.values().stream().filter(Candidate::serves).toList();
        if (serving.isEmpty()) {
            // Nobody can serve it now. It stays where it is: moving it would help nobody.
            known(before, claimant).filter(candidates::containsKey).forEach(order::add);
        } else {
            var names = serving.stream().map(Candidate::node).collect(Collectors.toSet());
            var ready = serving.stream()
                    .filter(Candidate::ready)
                    .map(Candidate::node)
                    .collect(Collectors.toSet());
            var known = known(before, claimant).filter(names::contains).toList();
            order.add(
                    isFirst(known, before, claimant)
                            ? known.getFirst()
                            : successor(group, serving, known.stream().filter(ready::contains)));
            known.stream().filter(ready::contains).forEach(node -> append(order, node));
            serving.stream()
                    .filter(Candidate::ready)
                    .sorted(least(backed, group))
                    .forEach(candidate -> append(order, candidate.node()));
            known.forEach(node -> append(order, node));
        }
        var cut = List.copyOf(order.subList(0, Math.min(LONGEST, order.size())));
        count(cut);
        return cut;
    }

    /**
     * Who answers still although it is to hold the address no longer, and the new holder does not yet: it stays last in the
     * list until then, so that somebody answers all the time. Who hasn't spoken since we started is taken to answer.
     */
    Optional<String> leaving(List<String> order, GroupLease before, Collection<IPAddress> addresses) {
        var holder = order.getFirst();
        return before.nodes().stream()
                .filter(node -> !order.contains(node))
                .filter(node -> addresses.stream()
                        .filter(address -> before.holder(address, node).isPresent())
                        .anyMatch(address -> answers(node, address, before) && !holding.holds(holder, address)))
                .findFirst();
    }

    private boolean answers(String node, IPAddress address, GroupLease before) {
        return holding.isKnown(node)
                ? holding.holds(node, address)
                : before.nodes().getFirst().equals(node);
    }

    /** The former order; a claimant comes to the front, and who was silent goes to the end. */
    private static Stream<String> known(List<String> before, Optional<String> claimant) {
        if (claimant.isEmpty() || before.getFirst().equals(claimant.get())) {
            return before.stream();
        }
        var others = before.stream().skip(1).filter(node -> !node.equals(claimant.get()));
        return Stream.of(claimant.stream(), others, before.stream().limit(1)).flatMap(order -> order);
    }

    /**
     * Whether the first of {@code known} has the addresses, rather than being next in line. It keeps them, Ready or not: whether a
     * node is dead is seen on the wire.
     */
    private static boolean isFirst(List<String> known, List<String> before, Optional<String> claimant) {
        return !known.isEmpty()
                && (known.getFirst().equals(before.getFirst())
                        || claimant.filter(known.getFirst()::equals).isPresent());
    }

    /** The next in line, else the least loaded, a Ready one if there is any. @param line Ready nodes of the former order */
    private String successor(String group, List<Candidate> serving, Stream<String> line) {
        return line.findFirst()
                .orElseGet(() -> serving.stream()
                        .min(Comparator.comparing((Candidate candidate) -> !candidate.ready())
                                .thenComparing(least(held, group)))
                        .orElseThrow()
                        .node());
    }

    private static void append(List<String> order, String node) {
        if (!order.contains(node)) {
            order.add(node);
        }
    }

    /** The least loaded first; among equals an order that differs from group to group. */
    private static Comparator<Candidate> least(Map<String, Integer> load, String group) {
        return Comparator.comparing((Candidate candidate) -> load.getOrDefault(candidate.node(), 0))
                .thenComparing(candidate -> lot(group, candidate.node()))
                .thenComparing(Candidate::node);
    }

    private static long lot(String group, String node) {
        var sum = new CRC32();
        sum.update((group + "#" + node).getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
