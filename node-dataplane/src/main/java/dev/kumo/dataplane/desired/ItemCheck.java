// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.desired;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.kumo.contract.announcement.v1.Announcement;
import dev.kumo.contract.policy.v1.AddressIdentity;
import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.Endpoint;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.Node;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.SourceRange;
import java.util.List;

/** What protobuf can't say of an item: lengths of addresses and prefixes, ranges of numbers, and that it is under its own key. */
final class ItemCheck {
    private static final int ADDRESS_BYTES = 16;
    private static final int ADDRESS_BITS = 128;
    private static final int LAST_PORT = 65_535;
    private static final int PORT_BITS = 16;
    private static final int LAST_PROTOCOL = 255;
    /** VNIs and marks carry 24 bits. */
    private static final int LAST_IDENTITY = (1 << 24) - 1;

    private ItemCheck() {}

    /** @throws IllegalArgumentException if managers can't rely on it; the message says what is wrong */
    static void check(String key, MessageLite message) {
        switch (message) {
            case Node node -> {
                name(node.getName());
                addresses(node.getInternalAddressesList());
                addresses(node.getExternalAddressesList());
                node.getPodRangesList().forEach(ItemCheck::prefix);
            }
            case AddressIdentity identity -> {
                address(identity.getAddress());
                identity(identity.getIdentity());
                name(identity.getNode());
            }
            case Endpoint endpoint -> {
                name(endpoint.getPodUid());
                address(endpoint.getAddress());
                identity(endpoint.getIdentity());
            }
            case PolicyClass policyClass -> {
                policyClass(policyClass);
                own(key, Integer.toString(policyClass.getNumber()));
            }
            case HttpRuleSet rules -> {
                require(rules.getNumber() > 0, "rule set " + rules.getNumber());
                own(key, Integer.toString(rules.getNumber()));
            }
            case Service service -> {
                service(service);
                own(key, service.getNamespace() + "/" + service.getName());
            }
            case Backend backend -> {
                address(backend.getAddress());
                port(backend.getPort());
                protocol(backend.getProtocol());
            }
            case Announcement announcement -> address(announcement.getAddress());
            default -> {}
        }
    }

    /** Its removal names nothing but the key, so what is kept under another name could not be removed. */
    private static void own(String key, String content) {
        require(key.equals(content), content + " under another's key");
    }

    private static void policyClass(PolicyClass policyClass) {
        require(policyClass.getNumber() > 0, "class " + policyClass.getNumber());
        policyClass.getEntriesList().forEach(ItemCheck::policyEntry);
        for (var slot : policyClass.getSlotsList()) {
            require(slot.getNumber() > 0, "slot " + slot.getNumber());
            direction(slot.getDirection());
        }
    }

    private static void policyEntry(PolicyEntry entry) {
        direction(entry.getDirection());
        switch (entry.getPeerCase()) {
            case IDENTITY -> identity(entry.getIdentity());
            case CIDR -> prefix(entry.getCidr());
            case PEER_NOT_SET -> {}
        }
        int protocol = entry.getProtocol();
        int bits = entry.getPortPrefixLength();
        require(protocol >= 0 && protocol <= LAST_PROTOCOL, "protocol " + Integer.toUnsignedString(protocol));
        require(bits >= 0 && bits <= PORT_BITS && (protocol != 0 || bits == 0), "port prefix of " + bits + " bits");
        require(
                entry.getPort() >= 0 && entry.getPort() <= LAST_PORT && (entry.getPort() & LAST_PORT >> bits) == 0,
                "port " + Integer.toUnsignedString(entry.getPort()) + " with " + bits + " bits");
        require(entry.getSlot() >= 0, "slot " + entry.getSlot());
    }

    private static void direction(Direction direction) {
        require(
                direction == Direction.DIRECTION_INGRESS || direction == Direction.DIRECTION_EGRESS,
                "direction " + direction);
    }

    private static void service(Service service) {
        name(service.getName());
        addresses(service.getClusterAddressesList());
        addresses(service.getExternalAddressesList());
        addresses(service.getLoadBalancerAddressesList());
        service.getSourceRangesList().forEach(ItemCheck::range);
        for (var port : service.getPortsList()) {
            port(port.getPort());
            protocol(port.getProtocol());
            require(port.getNodePort() >= 0 && port.getNodePort() <= LAST_PORT, "node port " + port.getNodePort());
        }
    }

    private static void addresses(List<ByteString> addresses) {
        addresses.forEach(ItemCheck::address);
    }

    private static void address(ByteString address) {
        require(address.size() == ADDRESS_BYTES, "address of " + address.size() + " bytes");
    }

    private static void prefix(Prefix prefix) {
        address(prefix.getAddress());
        prefixLength(prefix.getAddress(), prefix.getLength());
    }

    private static void range(SourceRange range) {
        address(range.getAddress());
        prefixLength(range.getAddress(), range.getPrefixLength());
    }

    private static void prefixLength(ByteString address, int length) {
        require(length >= 0 && length <= ADDRESS_BITS, "prefix length " + length);
        for (var bit = length; bit < ADDRESS_BITS; bit++) {
            require((address.byteAt(bit / 8) & 0x80 >> bit % 8) == 0, "prefix with bits beyond its length");
        }
    }

    private static void identity(int identity) {
        require(identity > 0 && identity <= LAST_IDENTITY, "identity " + Integer.toUnsignedString(identity));
    }

    private static void port(int port) {
        require(port > 0 && port <= LAST_PORT, "port " + Integer.toUnsignedString(port));
    }

    private static void protocol(Protocol protocol) {
        require(protocol != Protocol.PROTOCOL_UNSPECIFIED && protocol != Protocol.UNRECOGNIZED, "protocol " + protocol);
    }

    private static void name(String name) {
        require(!name.isEmpty(), "an empty name");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("not valid: " + problem);
        }
    }
}
