// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An Ethernet frame with ARP for IPv4 (RFC 826). A claim says whose it is in the padding behind ARP, which the shortest frame of
 * 60 bytes has anyway and other hosts ignore: "KUMO", term, position, in network order. C: {@code struct arp}, {@code struct
 * claim}.
 *
 * @param request otherwise a reply
 * @param rank of one of our claims
 */
public record ArpFrame(
        boolean request,
        MacAddress senderMac,
        Address sender,
        MacAddress targetMac,
        Address target,
        Optional<Rank> rank) {
    /** Bytes of a frame as it is sent, and as much of one as is read. */
    public static final int LENGTH = 60;

    private static final Address NOBODY = Address.ofIpv4(0);
    private static final MacAddress UNKNOWN = MacAddress.of(new byte[MacAddress.LENGTH]);
    private static final MacAddress EVERYBODY = MacAddress.of("ff:ff:ff:ff:ff:ff");
    private static final int ARP_END = 42;
    private static final int CLAIM_END = 56;
    private static final int MAGIC = 0x4b554d4f;
    private static final short ETHERTYPE = 0x0806;
    private static final short ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final short REQUEST = 1;
    private static final short REPLY = 2;

    /** Tells all that the address is at this MAC (RFC 5227 §2.3); some hosts learn from requests, others from replies. */
    static ArpFrame claim(boolean request, Address address, MacAddress mac, Rank rank) {
        return new ArpFrame(request, mac, address, request ? UNKNOWN : EVERYBODY, address, Optional.of(rank));
    }

    /** Asks for an address in nobody's name (RFC 5227 §1.1), so that neighbours learn nothing from it. */
    static ArpFrame probe(Address target, MacAddress mac) {
        return new ArpFrame(true, mac, NOBODY, UNKNOWN, target, Optional.empty());
    }

    /** The same, to one host alone. */
    ArpFrame to(MacAddress host) {
        return new ArpFrame(request, senderMac, sender, host, target, rank);
    }

    /** The frame as it goes out: to everybody, unless the target's MAC is known. */
    public byte[] toBytes() {
        var bytes = ByteBuffer.allocate(LENGTH);
        bytes.put((targetMac.equals(UNKNOWN) ? EVERYBODY : targetMac).bytes())
                .put(senderMac.bytes())
                .putShort(ETHERTYPE);
        bytes.putShort(ETHERNET).putShort(IPV4).put((byte) MacAddress.LENGTH).put((byte) 4);
        bytes.putShort(request ? REQUEST : REPLY);
        bytes.put(senderMac.bytes()).putInt(sender.ipv4());
        bytes.put(targetMac.bytes()).putInt(target.ipv4());
        rank.ifPresent(claim -> bytes.putInt(MAGIC).putLong(claim.term()).putShort((short) claim.position()));
        return bytes.array();
    }

    /** Empty for what is no ARP between Ethernet and IPv4. */
    public static Optional<ArpFrame> read(byte[] frame, int length) {
        if (length < ARP_END) {
            return Optional.empty();
        }
        var bytes = ByteBuffer.wrap(frame, 0, length);
        bytes.position(2 * MacAddress.LENGTH);
        boolean arp = bytes.getShort() == ETHERTYPE
                && bytes.getShort() == ETHERNET
                && bytes.getShort() == IPV4
                && bytes.get() == MacAddress.LENGTH
                && bytes.get() == 4;
        short operation = bytes.getShort();
        if (!arp || operation != REQUEST && operation != REPLY) {
            return Optional.empty();
        }
        var senderMac = mac(bytes);
        var sender = Address.ofIpv4(bytes.getInt());
        var targetMac = mac(bytes);
        var target = Address.ofIpv4(bytes.getInt());
        var rank = length >= CLAIM_END && bytes.getInt() == MAGIC
                ? Optional.of(new Rank(bytes.getLong(), Short.toUnsignedInt(bytes.getShort())))
                : Optional.<Rank>empty();
        return Optional.of(new ArpFrame(operation == REQUEST, senderMac, sender, targetMac, target, rank));
    }

    private static MacAddress mac(ByteBuffer bytes) {
        var mac = new byte[MacAddress.LENGTH];
        bytes.get(mac);
        return MacAddress.of(Arrays.copyOf(mac, mac.length));
    }
}
