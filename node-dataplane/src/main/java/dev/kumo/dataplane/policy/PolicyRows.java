// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.endpoint.Endpoints;
import dev.kumo.dataplane.endpoint.PodEndpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Policy for people: what is allowed and denied for each pod of this node, and which policies make it so. */
final class PolicyRows {
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;
    private static final int PORT_BITS = 16;
    private static final Map<Integer, String> PROTOCOLS =
            Map.of(0, "any", ICMP, "ICMP", 6, "TCP", 17, "UDP", ICMP6, "ICMPv6", 132, "SCTP");
    private static final Map<Integer, String> RESERVED = Map.of(
            1,
            "host",
            2,
            "world",
            3,
            "unmanaged",
            4,
            "health",
            5,
            "init",
            6,
            "remote-node",
            7,
            "kube-apiserver",
            8,
            "ingress");

    private final TableView.Builder view = TableView.columns(
            "pod", "class", "direction", "peer", "protocol", "port", "verdict", "slot", "derived from");
    private final Map<Integer, SlotPort> ports;

    private PolicyRows(Map<Integer, SlotPort> ports) {
        this.ports = ports;
    }

    /** @param inForce a class by its number, as far as it is known */
    static TableView of(
            Endpoints endpoints, IntFunction<Optional<PolicyClass>> inForce, Map<Integer, SlotPort> slotPorts) {
        var rows = new PolicyRows(slotPorts);
        endpoints.all().stream()
                .filter(PodEndpoint::ready)
                .sorted(Comparator.comparing(endpoint -> endpoint.pod().toString()))
                .forEach(endpoint -> rows.add(endpoint, inForce));
        return rows.view.build();
    }

    private void add(PodEndpoint endpoint, IntFunction<Optional<PolicyClass>> inForce) {
        var pod = endpoint.pod().toString();
        int number = endpoint.security().classNumber();
        if (number == 0) {
            open(pod, number, "ingress");
            open(pod, number, "egress");
            return;
        }
        var found = inForce.apply(number);
        if (found.isEmpty()) {
            view.row(pod, number, "both", "any", "any", "", "deny: the class is not known here", "", List.of());
            return;
        }
        add(
                pod,
                found.get(),
                Direction.DIRECTION_INGRESS,
                "ingress",
                found.get().getEnforceIngress());
        add(pod, found.get(), Direction.DIRECTION_EGRESS, "egress", found.get().getEnforceEgress());
    }

    private void add(String pod, PolicyClass item, Direction direction, String name, boolean enforced) {
        if (!enforced) {
            open(pod, item.getNumber(), name);
            return;
        }
        item.getEntriesList().stream()
                .filter(entry -> entry.getDirection() == direction)
                .forEach(entry -> view.row(
                        pod,
                        item.getNumber(),
                        name,
                        peer(entry),
                        protocol(entry.getProtocol()),
                        port(entry),
                        verdict(entry),
                        slot(entry.getSlot()),
                        entry.getDerivedFromList().stream().toList()));
        view.row(pod, item.getNumber(), name, "any other", "any", "", "deny", "", List.of());
    }

    private void open(String pod, int number, String direction) {
        view.row(pod, number, direction, "any", "any", "", "allow: no policy selects it", "", List.of());
    }

    private static String peer(PolicyEntry entry) {
        return switch (entry.getPeerCase()) {
            case IDENTITY -> RESERVED.getOrDefault(entry.getIdentity(), Integer.toString(entry.getIdentity()));
            case CIDR -> block(entry.getCidr());
            case PEER_NOT_SET -> "any";
        };
    }

    private static String block(Prefix prefix) {
        return new PrefixKey(prefix.getLength(), Address.of(prefix.getAddress())).toString();
    }

    private static String protocol(int number) {
        return PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }

    private static String port(PolicyEntry entry) {
        int bits = entry.getPortPrefixLength();
        if (bits == 0) {
            return "";
        }
        var type = entry.getProtocol() == ICMP || entry.getProtocol() == ICMP6 ? "type " : "";
        int last = entry.getPort() + (1 << (PORT_BITS - bits)) - 1;
        return type + (last == entry.getPort() ? Integer.toString(last) : entry.getPort() + "-" + last);
    }

    private static String verdict(PolicyEntry entry) {
        if (entry.getDeny()) {
            return "deny";
        }
        return entry.getSlot() == 0 ? "allow" : "by request";
    }

    /** With the port of its listener, if Envoy has it. */
    private String slot(int number) {
        if (number == 0) {
            return "";
        }
        var port = ports.get(number);
        return port == null ? number + ", not served" : number + " at " + port.port();
    }
}
