// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import static dev.kumo.dataplane.link.Rtnetlink.IFLA_ADDRESS;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_LINKINFO;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_MTU;
import static dev.kumo.dataplane.link.Rtnetlink.IFLA_NAME;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Links over rtnetlink, in the network namespace of the thread that makes it. */
public final class KernelLinks implements Links {
    /** Source ports of the node's own processes: what the node translates to its own address lies below and above. */
    private static final String NODE_PORTS = "49152 60999";

    private static final Address NONE = Address.ofIpv4(0);
    private static final String VXLAN = "vxlan";
    private static final int ENODEV = 19;
    private static final int ESRCH = 3;

    private final RouteNetlink netlink = new RouteNetlink();
    private final NetnsThread namespaces = new NetnsThread();

    @Override
    public Optional<Link> find(String name) {
        return ask(Rtnetlink.getLink(name), "find link " + name).map(Rtnetlink::link);
    }

    @Override
    public Optional<Link> find(int index) {
        return ask(Rtnetlink.getLink(index), "find link " + index).map(Rtnetlink::link);
    }

    @Override
    public Optional<Link> findByAddress(Address address) {
        return netlink.call(Rtnetlink.dumpAddresses(), "list addresses").stream()
                .flatMap(reply -> Rtnetlink.address(reply).stream())
                .filter(found -> found.address().equals(address))
                .findFirst()
                .flatMap(found -> find(found.index()));
    }

    @Override
    public List<Link> list() {
        return netlink.call(Rtnetlink.dumpLinks(), "list links").stream()
                .map(Rtnetlink::link)
                .toList();
    }

    @Override
    public boolean delete(String name) {
        try {
            netlink.call(Rtnetlink.deleteLink(name), "delete link " + name);
            return true;
        } catch (LinkException e) {
            if (e.errno() == ENODEV) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Link createPod(PodLink pod) {
        var setup = new PodLinkSetup(netlink, pod);
        try (var namespace = NetnsThread.Namespace.open(pod.netns())) {
            setup.createPair(namespace);
            try {
                int index = find(pod.hostName())
                        .orElseThrow(() -> gone(pod.hostName()))
                        .index();
                setup.prepareNodeSide(index);
                namespaces.call(namespace, () -> {
                    setup.preparePodSide();
                    return true;
                });
                return find(index).orElseThrow(() -> gone(pod.hostName()));
            } catch (RuntimeException e) {
                delete(pod.hostName());
                throw e;
            }
        }
    }

    @Override
    public Optional<PodInterface> inspectPod(Path netns, String podName) {
        try (var namespace = NetnsThread.Namespace.open(netns)) {
            return namespaces.call(namespace, () -> inspect(podName));
        }
    }

    /** Runs inside the pod's namespace. */
    private static Optional<PodInterface> inspect(String podName) {
        try (var inside = new RouteNetlink()) {
            var found = inside.call(Rtnetlink.dumpLinks(), "list links").stream()
                    .filter(reply -> Rtnetlink.link(reply).name().equals(podName))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var link = Rtnetlink.link(found.get());
            var addresses = inside.call(Rtnetlink.dumpAddresses(), "list addresses").stream()
                    .flatMap(reply -> Rtnetlink.address(reply).stream())
                    .filter(address -> address.index() == link.index())
                    .map(Rtnetlink.InterfaceAddress::address)
                    .toList();
            boolean hasDefault = inside.call(Rtnetlink.dumpRoutes(), "list routes").stream()
                    .flatMap(reply -> Rtnetlink.route(reply).stream())
                    .anyMatch(route -> route.bits() == 0 && route.ifindex() == link.index());
            return Optional.of(new PodInterface(link, Rtnetlink.peerIndex(found.get()), addresses, hasDefault));
        }
    }

    @Override
    public Link ensureOverlay(OverlayLink overlay) {
        var name = overlay.name();
        var found = ask(Rtnetlink.getLink(name), "find link " + name);
        if (found.isPresent() && !isOverlay(found.get(), overlay)) {
            delete(name);
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            netlink.call(newOverlay(overlay), "make link " + name);
        }
        KernelSettings.set("ipv4/conf/" + name + "/rp_filter", "0");
        KernelSettings.setIfPresent("ipv6/conf/" + name + "/disable_ipv6", "1");
        int index = find(name).orElseThrow(() -> gone(name)).index();
        int flags = Rtnetlink.UP | Rtnetlink.NO_ARP;
        netlink.call(
                new NetlinkMessage(Rtnetlink.NEW_LINK, 0)
                        .link(index, flags, flags)
                        .attribute(IFLA_ADDRESS, overlay.mac().bytes())
                        .attribute(IFLA_MTU, overlay.mtu()),
                "set up " + name);
        return find(index).orElseThrow(() -> gone(name));
    }

    /** Whether what can't be changed in place is as it should be. */
    private static boolean isOverlay(NetlinkReply link, OverlayLink overlay) {
        var data = Rtnetlink.linkData(link);
        boolean external = data.bytes(Rtnetlink.VXLAN_COLLECT_METADATA)
                .map(value -> value[0] != 0)
                .orElse(false);
        boolean samePort = data.bytes(Rtnetlink.VXLAN_PORT)
                .map(value -> Arrays.equals(value, Rtnetlink.port(overlay.port())))
                .orElse(false);
        return Rtnetlink.link(link).kind().equals(VXLAN) && external && samePort;
    }

    private static NetlinkMessage newOverlay(OverlayLink overlay) {
        var message = new NetlinkMessage(Rtnetlink.NEW_LINK, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE)
                .link(0, 0, 0)
                .attribute(IFLA_NAME, overlay.name())
                .attribute(IFLA_ADDRESS, overlay.mac().bytes());
        return message.nested(
                IFLA_LINKINFO,
                () -> message.attribute(Rtnetlink.INFO_KIND, VXLAN)
                        .nested(
                                Rtnetlink.INFO_DATA,
                                () -> message.attribute(Rtnetlink.VXLAN_COLLECT_METADATA, (byte) 1)
                                        .attribute(Rtnetlink.VXLAN_LEARNING, (byte) 0)
                                        .attribute(Rtnetlink.VXLAN_PORT, Rtnetlink.port(overlay.port()))));
    }

    @Override
    public void prepareNode() {
        KernelSettings.set("ipv4/ip_forward", "1");
        // A packet that is to be forwarded must not meet the socket that Envoy has at its address.
        KernelSettings.set("ipv4/tcp_early_demux", "0");
        KernelSettings.set("ipv4/tcp_migrate_req", "1");
        KernelSettings.set("ipv4/conf/all/rp_filter", "0");
        KernelSettings.set("ipv4/conf/default/rp_filter", "0");
        KernelSettings.set("ipv4/ip_local_port_range", NODE_PORTS);
        new ProxyRouting(netlink).ensure();
    }

    @Override
    public void holdAddress(Address address) {
        netlink.call(Rtnetlink.dumpRoutes(), "list routes").stream()
                .flatMap(reply -> Rtnetlink.heldAddress(reply).stream())
                .filter(held -> !held.equals(address))
                .forEach(held -> netlink.call(Rtnetlink.deleteLocal(held), "let go of " + held));
        if (!address.equals(NONE)) {
            int loopback = find("lo").orElseThrow(() -> gone("lo")).index();
            netlink.call(Rtnetlink.replaceLocal(address, loopback), "hold " + address);
        }
    }

    @Override
    public void releaseNode() {
        new ProxyRouting(netlink).remove();
        holdAddress(NONE);
    }

    @Override
    public void replaceRoute(Route route) {
        netlink.call(Rtnetlink.replaceRoute(route), "write route " + route);
    }

    @Override
    public boolean deleteRoute(Address destination, int bits) {
        try {
            netlink.call(Rtnetlink.deleteRoute(destination, bits), "delete route " + destination + "/" + bits);
            return true;
        } catch (LinkException e) {
            if (e.errno() == ESRCH) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<Route> routes() {
        return netlink.call(Rtnetlink.dumpRoutes(), "list routes").stream()
                .flatMap(reply -> Rtnetlink.route(reply).stream())
                .toList();
    }

    @Override
    public AutoCloseable watch(Consumer<LinkEvent> listener) {
        return LinkWatch.start(listener);
    }

    @Override
    public void close() {
        netlink.close();
        namespaces.close();
    }

    private Optional<NetlinkReply> ask(NetlinkMessage message, String what) {
        try {
            return netlink.call(message, what).stream().findFirst();
        } catch (LinkException e) {
            if (e.errno() == ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static LinkException gone(String name) {
        return new LinkException(Reason.KERNEL_ERROR, "link " + name + " went away while it was being made");
    }
}
