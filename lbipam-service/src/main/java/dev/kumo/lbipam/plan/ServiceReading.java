// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.ServiceView;
import dev.kumo.lbipam.plan.ServiceProblem.Reason;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one Service; what cannot be served becomes a problem. */
final class ServiceReading {
    /** Annotations that choose how a Service is balanced, with the value that equals what is done anyway. */
    private static final Map<String, String> ONLY_VALUE = Map.of(
            "service.cilium.io/lb-algorithm", "random",
            "service.cilium.io/forwarding-mode", "snat",
            "service.cilium.io/src-ranges-policy", "allow");

    private final ServiceView view;
    private final List<ServiceProblem> problems;

    ServiceReading(ServiceView view, List<ServiceProblem> problems) {
        this.view = view;
        this.problems = problems;
    }

    LoadBalancedService service() {
        boolean closed = !sourcesAreKnown();
        TrafficPolicy external = policy(view.externalTrafficPolicy());
        return new LoadBalancedService(
                addresses(view.clusterIps()),
                addresses(view.externalIps()),
                closed ? List.of() : addresses(view.loadBalancerIps()),
                ports(),
                policy(view.internalTrafficPolicy()),
                external,
                view.type().equals("LoadBalancer") && external == TrafficPolicy.LOCAL ? view.healthCheckNodePort() : 0,
                view.affinityTimeoutSeconds(),
                closed ? List.of() : sourceRanges());
    }

    /** Whether the sources allowed at LoadBalancer addresses can be told; reports every fault on the way. */
    private boolean sourcesAreKnown() {
        boolean known = true;
        for (var annotation : ONLY_VALUE.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            String value = view.annotations().getOrDefault(annotation.getKey(), annotation.getValue());
            if (!value.equals(annotation.getValue())) {
                problem(Reason.ANNOTATION_UNSUPPORTED, "%s: %s is not supported".formatted(annotation.getKey(), value));
                known &= !annotation.getKey().endsWith("src-ranges-policy");
            }
        }
        for (String range : view.sourceRanges()) {
            known &= sourceRange(range).isPresent();
        }
        return known;
    }

    private List<IPAddress> sourceRanges() {
        return view.sourceRanges().stream()
                .flatMap(range -> sourceRange(range).stream())
                .sorted()
                .distinct()
                .toList();
    }

    private Optional<IPAddress> sourceRange(String text) {
        try {
            IPAddress range = new IPAddressString(text.strip()).toAddress();
            if (range != null && range.isIPv4() && range.isPrefixed()) {
                return Optional.of(range.toPrefixBlock());
            }
            problem(Reason.INVALID_SOURCE_RANGE, "loadBalancerSourceRanges: '%s' is no IPv4 CIDR".formatted(text));
        } catch (AddressStringException e) {
            problem(Reason.INVALID_SOURCE_RANGE, "loadBalancerSourceRanges: '%s' is no CIDR".formatted(text));
        }
        return Optional.empty();
    }

    private List<IPAddress> addresses(List<String> texts) {
        var addresses = new ArrayList<IPAddress>();
        for (String text : texts) {
            Ipv4.parse(text, reason -> problem(reason, "address '%s'".formatted(text)))
                    .ifPresent(addresses::add);
        }
        return addresses.stream().sorted().distinct().toList();
    }

    private List<ServicePort> ports() {
        var ports = new ArrayList<ServicePort>();
        for (var port : view.ports()) {
            protocol(port.protocol())
                    .ifPresentOrElse(
                            protocol -> ports.add(new ServicePort(port.name(), protocol, port.port(), port.nodePort())),
                            () -> problem(
                                    Reason.PROTOCOL_UNSUPPORTED, "port %d/%s".formatted(port.port(), port.protocol())));
        }
        return ports.stream().sorted().toList();
    }

    static Optional<Protocol> protocol(String text) {
        return switch (text) {
            case "TCP" -> Optional.of(Protocol.TCP);
            case "UDP" -> Optional.of(Protocol.UDP);
            default -> Optional.empty();
        };
    }

    private static TrafficPolicy policy(String text) {
        return text.equals("Local") ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER;
    }

    private void problem(Reason reason, String message) {
        problems.add(new ServiceProblem(view.ref(), reason, message));
    }
}
