// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.service.DesiredFrontend.Origin;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One pod's plan in the making; used once. */
final class HostPortPlanning {
    private static final Set<Integer> PROTOCOLS = Set.of(6, 17);

    private final NodeFacts node;
    private final Owner owner;
    private final List<DesiredFrontend> frontends = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    HostPortPlanning(String pod, NodeFacts node) {
        this.node = node;
        this.owner = Owner.pod(pod);
    }

    OwnerPlan plan(Collection<HostPort> ports) {
        for (HostPort port : ports) {
            if (!PROTOCOLS.contains(port.protocol())) {
                problem("protocol " + port.protocol() + " of host port " + port.hostPort() + " is not supported");
            } else if (port.hostAddress().isPresent()) {
                serveAt(port.hostAddress().get(), port);
            } else {
                node.own().forEach(address -> add(Origin.HOST_PORT, address, port));
            }
        }
        return new OwnerPlan(owner, frontends, Set.of(), new TreeSet<>(), Optional.empty(), problems);
    }

    /**
     * A loopback address is refused: at the socket it could not be told from the same address of another pod's own namespace.
     */
    private void serveAt(Address address, HostPort port) {
        if (!address.isIpv4() || address.toInetAddress().isLoopbackAddress()) {
            problem("host address " + address + " of host port " + port.hostPort() + " is not supported");
        } else {
            add(Origin.HOST_ADDRESS_PORT, address, port);
        }
    }

    private void add(Origin origin, Address address, HostPort port) {
        var backend = new Backend(port.podAddress(), port.containerPort(), port.protocol(), Backend.LOCAL);
        for (int scope : new int[] {FrontendKey.EXTERNAL, FrontendKey.INTERNAL}) {
            var key = new FrontendKey(address, port.hostPort(), port.protocol(), scope);
            frontends.add(new DesiredFrontend(key, owner, origin, Frontend.HOST_PORT, 0, List.of(backend), 0));
        }
    }

    private void problem(String message) {
        problems.add(new Problem(owner, Reason.UNSUPPORTED, message));
    }
}
