// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.MacAddress;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A pod's interface as this node knows it, from before its link is made until after it is gone. Immutable; this is what
 * {@code endpoints.json} holds.
 *
 * @param security as installed in the kernel's maps
 */
@RegisterForReflection
public record PodEndpoint(
        Attachment attachment, Pod pod, Place place, Security security, List<PortMapping> ports, Phase phase) {
    /** How far its ADD came, or whether its DEL has begun. */
    @RegisterForReflection
    public enum Phase {
        /** Has no network yet: after a crash it is undone. */
        ADDING,
        /** The pod has been given what it may: after a crash it is adopted. */
        READY,
        /** Nothing is written for it any more: after a crash it is undone. */
        LEAVING
    }

    public PodEndpoint {
        ports = List.copyOf(ports);
    }

    public Address address() {
        return place.address();
    }

    public boolean ready() {
        return phase == Phase.READY;
    }

    public MacAddress mac() {
        return MacAddress.ofPod(place.address());
    }

    PodEndpoint linked(int ifindex) {
        return new PodEndpoint(
                attachment, pod, new Place(place.address(), place.netns(), ifindex), security, ports, phase);
    }

    PodEndpoint secured(Security to) {
        return new PodEndpoint(attachment, pod, place, to, ports, phase);
    }

    PodEndpoint installed(Security as) {
        return new PodEndpoint(attachment, pod, place, as, ports, Phase.READY);
    }

    PodEndpoint leaving() {
        return new PodEndpoint(attachment, pod, place, security, ports, Phase.LEAVING);
    }

    Endpoint toEndpoint() {
        return new Endpoint(
                place.ifindex(), security.identity(), security.classNumber(), 0, mac(), MacAddress.HOST_SIDE);
    }

    EndpointLink toEndpointLink() {
        return new EndpointLink(place.address(), security.identity(), security.classNumber());
    }
}
