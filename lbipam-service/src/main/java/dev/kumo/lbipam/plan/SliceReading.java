// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.plan.ServiceProblem.Reason;
import java.util.List;
import java.util.Map;

/** Reads one EndpointSlice of a Service that is served. */
final class SliceReading {
    private final EndpointSliceView slice;
    private final LoadBalancedService service;
    private final List<ServiceProblem> problems;

    SliceReading(EndpointSliceView slice, LoadBalancedService service, List<ServiceProblem> problems) {
        this.slice = slice;
        this.service = service;
        this.problems = problems;
    }

    void addTo(Map<BackendKey, Backend> backends) {
        if (slice.addressType().equals("IPv6")) {
            return; // The Service's own IPv6 address is its problem already.
        }
        for (var port : slice.ports()) {
            ServiceReading.protocol(port.protocol())
                    .filter(protocol -> isOfService(port.name(), protocol))
                    .ifPresent(protocol -> addPort(port, protocol, backends));
        }
    }

    private boolean isOfService(String name, Protocol protocol) {
        return service.ports().stream().anyMatch(port -> port.name().equals(name) && port.protocol() == protocol);
    }

    private void addPort(EndpointSliceView.PortView port, Protocol protocol, Map<BackendKey, Backend> backends) {
        if (port.port() == 0) {
            problem(Reason.ENDPOINT_PORT_MISSING, "slice %s: port '%s'".formatted(slice.name(), port.name()));
            return;
        }
        for (var endpoint : slice.endpoints()) {
            var backend = new Backend(endpoint.node(), endpoint.ready(), endpoint.serving(), endpoint.terminating());
            for (String text : endpoint.addresses()) {
                Ipv4.parse(text, reason -> problem(reason, "slice %s: address '%s'".formatted(slice.name(), text)))
                        .map(address -> new BackendKey(slice.service(), port.name(), protocol, port.port(), address))
                        .ifPresent(key -> backends.merge(key, backend, Backend::mergedWith));
            }
        }
    }

    private void problem(Reason reason, String message) {
        problems.add(new ServiceProblem(slice.service(), reason, message));
    }
}
