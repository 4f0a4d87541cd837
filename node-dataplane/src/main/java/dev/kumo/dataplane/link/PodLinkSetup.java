// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import static dev.kumo.dataplane.link.Rtnetlink.IFLA_ADDRESS;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_LINKINFO;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_MTU;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_NAME;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_NET_NS_FD;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.stream.Reason;
import java.util.List;

/**
 * The steps that make a pod's link. The pod has a /32 address and sends everything to a gateway that exists nowhere: permanent
 * neighbour entries on both sides stand for ARP.
 */
final class PodLinkSetup {
    /** Below what the node translates to (49152 and up on a pod's address), see the port ranges in bpf/README.md. */
    private static final String POD_PORTS = "32768 49151";

    private static final int EEXIST = 17;
    private static final Address ANY = Address.ofIpv4(0);

    private final RouteNetlink node;
    private final PodLink pod;

    PodLinkSetup(RouteNetlink node, PodLink pod) {
        this.node = node;
        this.pod = pod;
    }

    /** The pair, its far side in the pod's namespace already, both down. */
    void createPair(NetnsThread.Namespace namespace) {
        var message = new NetlinkMessage(Rtnetlink.NEW_LINK, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE)
                .link(0, 0, 0)
                .attribute(IFLA_NAME, pod.hostName())
                .attribute(IFLA_ADDRESS, MacAddress.HOST_SIDE.bytes())
                .attribute(IFLA_MTU, pod.mtu());
        message.nested(
                IFLA_LINKINFO,
                () -> message.attribute(Rtnetlink.INFO_KIND, "veth")
                        .nested(
                                Rtnetlink.INFO_DATA,
                                () -> message.nested(
                                        Rtnetlink.VETH_PEER,
                                        () -> message.link(0, 0, 0)
                                                .attribute(IFLA_NAME, pod.podName())
                                                .attribute(
                                                        IFLA_ADDRESS,
                                                        pod.podMac().bytes())
                                                .attribute(IFLA_MTU, pod.mtu())
                                                .attribute(IFLA_NET_NS_FD, namespace.fd()))));
        try {
            node.call(message, "make link " + pod.hostName() + " to " + pod.podName());
        } catch (LinkException e) {
            throw e.errno() == EEXIST ? new LinkException(Reason.INTERFACE_CONFLICT, e) : e;
        }
    }

    /** The node's side, from the settings that must hold before it is up to the route. */
    void prepareNodeSide(int index) {
        var name = pod.hostName();
        // Without an address of its own the link would fail any reverse-path test, loose ones too.
        KernelSettings.set("ipv4/conf/" + name + "/rp_filter", "0");
        // Packets of the node's own processes come back in here when L7 turns them round.
        KernelSettings.set("ipv4/conf/" + name + "/accept_local", "1");
        KernelSettings.setIfPresent("ipv6/conf/" + name + "/disable_ipv6", "1");
        node.call(Rtnetlink.setUp(index), "set up " + name);
        node.call(
                Rtnetlink.addNeighbour(index, pod.address(), pod.podMac()),
                "add neighbour " + pod.address() + " on " + name);
        var route = new Route(pod.address(), 32, index, null, pod.nodeAddress(), 0);
        node.call(Rtnetlink.replaceRoute(route), "add route " + route);
    }

    /** The pod's side; runs inside its namespace. */
    void preparePodSide() {
        try (var inside = new RouteNetlink()) {
            int loopback = index(inside, "lo");
            int index = index(inside, pod.podName());
            KernelSettings.set("ipv4/ip_local_port_range", POD_PORTS);
            KernelSettings.setIfPresent("ipv6/conf/" + pod.podName() + "/disable_ipv6", "1");
            inside.call(Rtnetlink.setUp(loopback), "set up lo");
            inside.call(Rtnetlink.addAddress(index, pod.address(), 32), "add " + pod.address());
            inside.call(Rtnetlink.setUp(index), "set up " + pod.podName());
            inside.call(
                    Rtnetlink.addNeighbour(index, PodLink.GATEWAY, MacAddress.HOST_SIDE),
                    "add the gateway's neighbour");
            for (var route : List.of(
                    new Route(PodLink.GATEWAY, 32, index, null, null, 0),
                    new Route(ANY, 0, index, PodLink.GATEWAY, null, 0))) {
                inside.call(Rtnetlink.replaceRoute(route), "add route " + route);
            }
        }
    }

    private static int index(RouteNetlink netlink, String name) {
        return Rtnetlink.link(
                        netlink.call(Rtnetlink.getLink(name), "find " + name).getFirst())
                .index();
    }
}
