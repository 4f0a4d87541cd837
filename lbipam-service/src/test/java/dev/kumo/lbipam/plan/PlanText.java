// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.stream.Collectors;

/** Prints a plan as YAML, one line a fact, for people to compare. */
final class PlanText {
    private PlanText() {}

    static String of(ServicePlan plan) {
        var text = new StringBuilder("services:\n");
        plan.services()
                .forEach((ref, service) ->
                        text.append("  ").append(ref).append(":\n").append(service(service)));
        text.append("backends:\n");
        plan.backends()
                .forEach((key, backend) -> text.append("  - {service: %s, port: '%s', backend: '%s:%d/%s', %s}\n"
                        .formatted(
                                key.service(),
                                key.portName(),
                                key.address(),
                                key.port(),
                                key.protocol(),
                                state(backend))));
        text.append("problems:\n");
        plan.problems()
                .forEach(problem -> text.append("  - {service: %s, reason: %s, message: \"%s\"}\n"
                        .formatted(problem.service(), problem.reason(), problem.message())));
        return text.toString();
    }

    private static String service(LoadBalancedService service) {
        var text = new StringBuilder();
        text.append("    addresses: {cluster: %s, external: %s, loadBalancer: %s}\n"
                .formatted(
                        list(service.clusterAddresses()),
                        list(service.externalAddresses()),
                        list(service.loadBalancerAddresses())));
        text.append("    trafficPolicy: {internal: %s, external: %s}\n"
                .formatted(service.internalTrafficPolicy(), service.externalTrafficPolicy()));
        text.append("    healthCheckNodePort: %d\n    affinityTimeoutSeconds: %d\n    sourceRanges: %s\n    ports:\n"
                .formatted(
                        service.healthCheckNodePort(), service.affinityTimeoutSeconds(), list(service.sourceRanges())));
        service.ports()
                .forEach(port -> text.append("      - {name: '%s', port: %d/%s, nodePort: %d}\n"
                        .formatted(port.name(), port.port(), port.protocol(), port.nodePort())));
        return text.toString();
    }

    private static String state(Backend backend) {
        return "node: '%s', ready: %s, serving: %s, terminating: %s"
                .formatted(backend.node(), backend.ready(), backend.serving(), backend.terminating());
    }

    private static String list(List<IPAddress> addresses) {
        return addresses.stream().map(IPAddress::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
