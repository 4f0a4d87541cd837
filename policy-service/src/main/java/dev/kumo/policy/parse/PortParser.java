// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.PortProtocol;
import dev.kumo.policy.crd.PortProtocolName;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ports of Cilium's kinds: a number, a range or a name; port 0 is every port, protocol ANY every one with ports. */
final class PortParser {
    static final int MOST_PORTS = 40;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    /** IANA service names, RFC 6335. */
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9](-?[A-Za-z0-9]){0,14}");

    private PortParser() {}

    /** The ports of one list; every port if the list is absent or empty. */
    static List<PortMatch> parse(@Nullable List<PortProtocol> ports, FieldPath path) {
        if (ports == null || ports.isEmpty()) {
            return List.of(PortMatch.EVERYTHING);
        }
        if (ports.size() > MOST_PORTS) {
            path.invalid("%d ports; at most %d".formatted(ports.size(), MOST_PORTS));
            return List.of();
        }
        var matches = new ArrayList<PortMatch>();
        path.forEach(ports, (at, port) -> matches.addAll(parse(port, at)));
        return matches;
    }

    private static List<PortMatch> parse(PortProtocol port, FieldPath path) {
        var protocols = protocols(port.protocol(), path.field("protocol"));
        if (protocols.isEmpty()) {
            return List.of();
        }
        var text = port.port() == null ? "" : port.port();
        if (NUMBER.matcher(text).matches()) {
            return numbers(Integer.parseInt(text), port.endPort(), protocols, path);
        }
        if (!NAME.matcher(text).matches()) {
            path.field("port").invalid("\"%s\" is neither a port nor the name of one".formatted(text));
            return List.of();
        }
        if (port.endPort() != null && port.endPort() != 0) {
            path.field("endPort").invalid("a named port has no range");
        }
        var carriers = protocols.contains(Protocol.ANY) ? Protocol.WITH_PORTS : protocols;
        return List.of(new PortMatch.Named(text.toLowerCase(Locale.ROOT), new TreeSet<>(carriers)));
    }

    private static List<PortMatch> numbers(
            int first, @Nullable Integer endPort, List<Integer> protocols, FieldPath path) {
        int last = endPort == null || endPort == 0 ? first : endPort;
        if (first > PortMatch.LAST_PORT || last > PortMatch.LAST_PORT) {
            path.field("port").invalid("the last port is " + PortMatch.LAST_PORT);
            return List.of();
        }
        if (last < first) {
            path.field("endPort").invalid("%d comes before port %d".formatted(last, first));
            return List.of();
        }
        if (first == 0 && last != 0) {
            path.field("endPort").invalid("port 0 means every port and has no range");
            return List.of();
        }
        if (first == 0) {
            return protocols.stream()
                    .<PortMatch>map(protocol -> new PortMatch.Numbers(protocol, 0, PortMatch.LAST_PORT))
                    .toList();
        }
        if (protocols.contains(Protocol.ICMP) || protocols.contains(Protocol.ICMPV6)) {
            path.field("port").invalid("ICMP has types, not ports; write icmps, or port 0 for every type");
            return List.of();
        }
        return (protocols.contains(Protocol.ANY) ? Protocol.WITH_PORTS : protocols)
                .stream()
                        .<PortMatch>map(protocol -> new PortMatch.Numbers(protocol, first, last))
                        .toList();
    }

    private static List<Integer> protocols(@Nullable PortProtocolName name, FieldPath path) {
        return switch (name) {
            case null -> List.of(Protocol.ANY);
            case ANY -> List.of(Protocol.ANY);
            case TCP -> List.of(Protocol.TCP);
            case UDP -> List.of(Protocol.UDP);
            case SCTP -> List.of(Protocol.SCTP);
            case ICMP -> List.of(Protocol.ICMP);
            case ICMPV6 -> List.of(Protocol.ICMPV6);
            case VRRP, IGMP, GRE, IPIP, IPV6, ESP, AH -> {
                path.unsupported("only TCP, UDP, SCTP, ICMP and ICMPv6 can be named, not " + name);
                yield List.of();
            }
        };
    }
}
