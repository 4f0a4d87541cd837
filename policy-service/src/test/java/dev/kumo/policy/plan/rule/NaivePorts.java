// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static dev.kumo.policy.plan.rule.NaiveLists.items;

import dev.kumo.policy.crd.IcmpFamily;
import dev.kumo.policy.crd.IcmpRule;
import dev.kumo.policy.crd.PortProtocol;
import dev.kumo.policy.model.rule.Direction;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Set;

/** Whether a flow goes to ports that are named. */
final class NaivePorts {
    private NaivePorts() {}

    static boolean reaches(List<NetworkPolicyPort> ports, NaiveEvaluator.Flow flow) {
        if (ports == null || ports.isEmpty()) {
            return true;
        }
        for (var port : ports) {
            int protocol = protocolNumber(port.getProtocol() == null ? "TCP" : port.getProtocol());
            if (protocol != flow.protocol()) {
                continue;
            }
            if (port.getPort() == null) {
                return true;
            }
            if (port.getPort().getIntVal() == null) {
                if (hasNamedPort(port.getPort().getStrVal(), flow)) {
                    return true;
                }
            } else {
                int first = port.getPort().getIntVal();
                int last = port.getEndPort() == null ? first : port.getEndPort();
                if (flow.port() >= first && flow.port() <= last) {
                    return true;
                }
            }
        }
        return false;
    }

    static boolean reachesIcmp(List<IcmpRule> rules, NaiveEvaluator.Flow flow) {
        return items(rules).stream().flatMap(rule -> rule.fields().stream()).anyMatch(field -> {
            int protocol = field.family() == IcmpFamily.IPV6 ? 58 : 1;
            return flow.protocol() == protocol && flow.port() == field.type().getIntVal();
        });
    }

    static boolean reachesPort(List<PortProtocol> ports, NaiveEvaluator.Flow flow) {
        return ports.stream().anyMatch(port -> {
            var name = port.protocol() == null ? "ANY" : port.protocol().name();
            boolean numeric = port.port().matches("[0-9]+");
            boolean every = numeric && Integer.parseInt(port.port()) == 0;
            if (name.equals("ANY")
                    ? !every && !Set.of(6, 17, 132).contains(flow.protocol())
                    : protocolNumber(name) != flow.protocol()) {
                return false;
            }
            if (every) {
                return true;
            }
            if (!numeric) {
                return hasNamedPort(port.port(), flow);
            }
            int first = Integer.parseInt(port.port());
            int last = port.endPort() == null ? first : port.endPort();
            return flow.port() >= first && flow.port() <= last;
        });
    }

    /** Of the receiver; another pod of the receiver's identity counts as the receiver. */
    static boolean hasNamedPort(String name, NaiveEvaluator.Flow flow) {
        var receivers = flow.direction() == Direction.INGRESS
                ? List.of(flow.subject())
                : new World()
                        .pods.stream()
                                .filter(pod -> flow.peer() instanceof World.Party.Pod peer
                                        && pod.identity() == peer.identity())
                                .toList();
        return receivers.stream()
                .flatMap(pod -> pod.ports().stream())
                .anyMatch(port ->
                        port.name().equals(name) && port.protocol() == flow.protocol() && port.port() == flow.port());
    }

    static int protocolNumber(String name) {
        return switch (name) {
            case "TCP" -> 6;
            case "UDP" -> 17;
            case "SCTP" -> 132;
            case "ICMP" -> 1;
            case "ICMPV6" -> 58;
            default -> throw new AssertionError(name);
        };
    }
}
