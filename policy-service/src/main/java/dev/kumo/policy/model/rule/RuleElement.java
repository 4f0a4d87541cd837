// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.List;
import java.util.Optional;

/**
 * Allows or denies flows between the selected endpoints and peers.
 *
 * @param peers any of them; none means that the element matches nothing
 * @param ports any of them; none means that the element matches nothing
 * @param requests HTTP requests that are allowed on these ports; absent means no look into the connection
 */
public record RuleElement(
        Direction direction,
        boolean deny,
        List<Peer> peers,
        List<PortMatch> ports,
        Optional<List<RequestMatch>> requests) {
    public RuleElement {
        peers = List.copyOf(peers);
        ports = List.copyOf(ports);
        requests = requests.map(matches -> matches.stream().sorted().distinct().toList());
    }

    /** Denies the whole direction: stands for a deny that could not be understood. */
    public static RuleElement denyAll(Direction direction) {
        return new RuleElement(
                direction, true, List.of(new Peer.Any()), List.of(PortMatch.EVERYTHING), Optional.empty());
    }
}
