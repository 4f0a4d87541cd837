// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** rtnetlink's vocabulary: requests and replies as numbers (include/uapi/linux/{rtnetlink,if_link,neighbour}.h). */
final class Rtnetlink {
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int UP = 1;
    static final int NO_ARP = 0x80;

    /** Marks our routes: {@code ip route show proto 75} (the letter K; rt_protos knows no such number). */
    static final int PROTOCOL = 75;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_NAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_NET_NS_FD = 28;
    static final int INFO_KIND = 1;
    static final int INFO_DATA = 2;
    static final int VETH_PEER = 1;
    static final int VXLAN_LEARNING = 7;
    static final int VXLAN_PORT = 15;
    static final int VXLAN_COLLECT_METADATA = 25;

    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int GET_ROUTE = 26;
    private static final int NEW_NEIGHBOUR = 28;
    private static final int LINK_HEADER = 16;
    private static final int ADDRESS_HEADER = 8;
    private static final int ROUTE_HEADER = 12;
    private static final int INET = 2;
    private static final int IFLA_EXT_MASK = 29;
    private static final int SKIP_STATISTICS = 8;
    private static final int LOWER_UP = 0x10000;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int RTA_DESTINATION = 1;
    private static final int RTA_OUTPUT = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_SOURCE = 7;
    private static final int RTA_METRICS = 8;
    private static final int METRIC_MTU = 2;
    private static final int TABLE_MAIN = 254;
    private static final int TABLE_LOCAL = 255;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_ANY = 255;
    private static final int UNICAST = 1;
    private static final int NEIGHBOUR_ADDRESS = 1;
    private static final int NEIGHBOUR_MAC = 2;
    private static final int PERMANENT = 0x80;
    private static final int NEW_RULE = 32;
    private static final int DELETE_RULE = 33;
    private static final int RULE_DEVICE = 3;
    private static final int RULE_PREFERENCE = 6;
    private static final int RULE_MARK = 10;
    private static final int RULE_TABLE = 15;
    private static final int RULE_MASK = 16;
    private static final int RULE_PROTOCOL = 21;
    private static final int TO_TABLE = 1;
    private static final int RTA_TABLE = 15;
    private static final int TABLE_COMPATIBLE = 252;
    private static final int SCOPE_HOST = 254;
    private static final int LOCAL = 2;

    private Rtnetlink() {}

    static NetlinkMessage dumpLinks() {
        return new NetlinkMessage(GET_LINK, NetlinkMessage.DUMP)
                .link(0, 0, 0)
                .attribute(IFLA_EXT_MASK, SKIP_STATISTICS);
    }

    static NetlinkMessage getLink(int index) {
        return new NetlinkMessage(GET_LINK, 0).link(index, 0, 0).attribute(IFLA_EXT_MASK, SKIP_STATISTICS);
    }

    static NetlinkMessage getLink(String name) {
        return getLink(0).attribute(IFLA_NAME, name);
    }

    static NetlinkMessage deleteLink(String name) {
        return new NetlinkMessage(DELETE_LINK, 0).link(0, 0, 0).attribute(IFLA_NAME, name);
    }

    static NetlinkMessage setUp(int index) {
        return new NetlinkMessage(NEW_LINK, 0).link(index, UP, UP);
    }

    static Link link(NetlinkReply reply) {
        int flags = reply.integer(8);
        var attributes = reply.attributes(LINK_HEADER);
        return new Link(
                reply.integer(4),
                attributes.string(IFLA_NAME).orElse(""),
                attributes
                        .bytes(IFLA_ADDRESS)
                        .filter(mac -> mac.length == MacAddress.LENGTH)
                        .map(MacAddress::of)
                        .orElse(MacAddress.of(new byte[MacAddress.LENGTH])),
                attributes.integer(IFLA_MTU).orElse(0),
                (flags & UP) != 0,
                (flags & LOWER_UP) != 0,
                attributes.nested(IFLA_LINKINFO).string(INFO_KIND).orElse(""));
    }

    /** The other side's index of a pair. */
    static int peerIndex(NetlinkReply link) {
        return link.attributes(LINK_HEADER).integer(IFLA_LINK).orElse(0);
    }

    /** What is particular to a link of its kind. */
    static NetlinkReply.Attributes linkData(NetlinkReply link) {
        return link.attributes(LINK_HEADER).nested(IFLA_LINKINFO).nested(INFO_DATA);
    }

    static NetlinkMessage dumpAddresses() {
        return new NetlinkMessage(GET_ADDRESS, NetlinkMessage.DUMP)
                .raw(INET, 0, 0, 0)
                .rawInt(0);
    }

    static NetlinkMessage addAddress(int index, Address address, int bits) {
        return new NetlinkMessage(NEW_ADDRESS, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE)
                .raw(INET, bits, 0, SCOPE_UNIVERSE)
                .rawInt(index)
                .attribute(IFA_LOCAL, ipv4(address))
                .attribute(IFA_ADDRESS, ipv4(address));
    }

    /** An address on a device. */
    record InterfaceAddress(int index, Address address) {}

    static Optional<InterfaceAddress> address(NetlinkReply reply) {
        return reply.attributes(ADDRESS_HEADER)
                .bytes(IFA_LOCAL)
                .map(local -> new InterfaceAddress(reply.integer(4), Address.of(local)));
    }

    static NetlinkMessage dumpRoutes() {
        return new NetlinkMessage(GET_ROUTE, NetlinkMessage.DUMP)
                .raw(INET, 0, 0, 0, 0, 0, 0, 0)
                .rawInt(0);
    }

    static NetlinkMessage replaceRoute(Route route) {
        int scope = route.gateway() == null ? SCOPE_LINK : SCOPE_UNIVERSE;
        var message = new NetlinkMessage(NEW_ROUTE, NetlinkMessage.CREATE | NetlinkMessage.REPLACE)
                .raw(INET, route.bits(), 0, 0, TABLE_MAIN, PROTOCOL, scope, UNICAST)
                .rawInt(0)
                .attribute(RTA_DESTINATION, ipv4(route.destination()))
                .attribute(RTA_OUTPUT, route.ifindex());
        if (route.gateway() != null) {
            message.attribute(RTA_GATEWAY, ipv4(route.gateway()));
        }
        if (route.source() != null) {
            message.attribute(RTA_SOURCE, ipv4(route.source()));
        }
        if (route.mtu() != 0) {
            message.nested(RTA_METRICS, () -> message.attribute(METRIC_MTU, route.mtu()));
        }
        return message;
    }

    static NetlinkMessage deleteRoute(Address destination, int bits) {
        return new NetlinkMessage(DELETE_ROUTE, 0)
                .raw(INET, bits, 0, 0, TABLE_MAIN, PROTOCOL, SCOPE_ANY, UNICAST)
                .rawInt(0)
                .attribute(RTA_DESTINATION, ipv4(destination));
    }

    /** The route if it is one of ours in the main table. */
    static Optional<Route> route(NetlinkReply reply) {
        if (reply.unsignedByte(4) != TABLE_MAIN || reply.unsignedByte(5) != PROTOCOL) {
            return Optional.empty();
        }
        var attributes = reply.attributes(ROUTE_HEADER);
        return Optional.of(new Route(
                attributes.bytes(RTA_DESTINATION).map(Address::of).orElse(Address.ofIpv4(0)),
                reply.unsignedByte(1),
                attributes.integer(RTA_OUTPUT).orElse(0),
                address(attributes, RTA_GATEWAY),
                address(attributes, RTA_SOURCE),
                attributes.nested(RTA_METRICS).integer(METRIC_MTU).orElse(0)));
    }

    /** All addresses are the node's own, in a table of its own; {@code index} is lo's. */
    static NetlinkMessage everythingLocal(int index, int table) {
        return new NetlinkMessage(NEW_ROUTE, NetlinkMessage.CREATE | NetlinkMessage.REPLACE)
                .raw(INET, 0, 0, 0, TABLE_COMPATIBLE, PROTOCOL, SCOPE_HOST, LOCAL)
                .rawInt(0)
                .attribute(RTA_TABLE, table)
                .attribute(RTA_OUTPUT, index);
    }

    static NetlinkMessage deleteEverythingLocal(int table) {
        return new NetlinkMessage(DELETE_ROUTE, 0)
                .raw(INET, 0, 0, 0, TABLE_COMPATIBLE, PROTOCOL, SCOPE_HOST, LOCAL)
                .rawInt(0)
                .attribute(RTA_TABLE, table);
    }

    /** An address that the node has without a device, by a route of ours in the table that says what is local. */
    static NetlinkMessage replaceLocal(Address address, int loopback) {
        return new NetlinkMessage(NEW_ROUTE, NetlinkMessage.CREATE | NetlinkMessage.REPLACE)
                .raw(INET, Integer.SIZE, 0, 0, TABLE_LOCAL, PROTOCOL, SCOPE_HOST, LOCAL)
                .rawInt(0)
                .attribute(RTA_DESTINATION, ipv4(address))
                .attribute(RTA_OUTPUT, loopback);
    }

    static NetlinkMessage deleteLocal(Address address) {
        return new NetlinkMessage(DELETE_ROUTE, 0)
                .raw(INET, Integer.SIZE, 0, 0, TABLE_LOCAL, PROTOCOL, SCOPE_HOST, LOCAL)
                .rawInt(0)
                .attribute(RTA_DESTINATION, ipv4(address));
    }

    /** The address if the route is one of {@link #replaceLocal}. */
    static Optional<Address> heldAddress(NetlinkReply reply) {
        return reply.unsignedByte(4) == TABLE_LOCAL && reply.unsignedByte(5) == PROTOCOL
                ? reply.attributes(ROUTE_HEADER).bytes(RTA_DESTINATION).map(Address::of)
                : Optional.empty();
    }

    static NetlinkMessage addRule(MarkRule rule) {
        return rule(NEW_RULE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, rule);
    }

    static NetlinkMessage deleteRule(MarkRule rule) {
        return rule(DELETE_RULE, 0, rule);
    }

    private static NetlinkMessage rule(int type, int flags, MarkRule rule) {
        var message = new NetlinkMessage(type, flags)
                .raw(INET, 0, 0, 0, TABLE_COMPATIBLE, 0, 0, TO_TABLE)
                .rawInt(0)
                .attribute(RULE_PREFERENCE, rule.preference())
                .attribute(RULE_MARK, rule.mark())
                .attribute(RULE_MASK, rule.mask())
                .attribute(RULE_TABLE, rule.table())
                .attribute(RULE_PROTOCOL, (byte) PROTOCOL);
        return rule.device().isEmpty() ? message : message.attribute(RULE_DEVICE, rule.device());
    }

    static NetlinkMessage addNeighbour(int index, Address address, MacAddress mac) {
        return new NetlinkMessage(NEW_NEIGHBOUR, NetlinkMessage.CREATE | NetlinkMessage.REPLACE)
                .raw(INET, 0, 0, 0)
                .rawInt(index)
                .raw(PERMANENT, 0, 0, 0)
                .attribute(NEIGHBOUR_ADDRESS, ipv4(address))
                .attribute(NEIGHBOUR_MAC, mac.bytes());
    }

    /** A port, in network order as VXLAN's attribute wants it. */
    static byte[] port(int port) {
        return ByteBuffer.allocate(2)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) port)
                .array();
    }

    private static @Nullable Address address(NetlinkReply.Attributes attributes, int type) {
        return attributes.bytes(type).map(Address::of).orElse(null);
    }

    private static byte[] ipv4(Address address) {
        if (!address.isIpv4()) {
            throw new IllegalArgumentException("not IPv4: " + address);
        }
        return Arrays.copyOfRange(address.bytes(), 12, Address.LENGTH);
    }
}
