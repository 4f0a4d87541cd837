// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Protocol;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Ports of NetworkPolicy: protocol TCP unless another is given; no port means every port of the protocol. */
final class KubernetesPorts {
    private KubernetesPorts() {}

    static List<PortMatch> parse(NetworkPolicyPort port, FieldPath path) {
        int protocol = protocol(port.getProtocol(), path.field("protocol"));
        var end = port.getEndPort();
        if (port.getPort() == null) {
            if (end != null) {
                path.field("endPort").invalid("needs a port");
            }
            return List.of(new PortMatch.Numbers(protocol, 0, PortMatch.LAST_PORT));
        }
        if (port.getPort().getIntVal() == null) {
            if (end != null) {
                path.field("endPort").invalid("a named port has no range");
            }
            var name = port.getPort().getStrVal().toLowerCase(Locale.ROOT);
            return List.of(new PortMatch.Named(name, new TreeSet<>(List.of(protocol))));
        }
        int first = port.getPort().getIntVal();
        int last = end == null ? first : end;
        if (first < 1 || first > PortMatch.LAST_PORT) {
            path.field("port").invalid("must be between 1 and " + PortMatch.LAST_PORT);
        } else if (last < first || last > PortMatch.LAST_PORT) {
            path.field("endPort").invalid("must be between port and " + PortMatch.LAST_PORT);
        }
        return List.of(new PortMatch.Numbers(protocol, first, last));
    }

    private static int protocol(@Nullable String name, FieldPath path) {
        return switch (name) {
            case null -> Protocol.TCP;
            case "TCP" -> Protocol.TCP;
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> {
                path.invalid("must be TCP, UDP or SCTP");
                yield Protocol.TCP;
            }
        };
    }
}
