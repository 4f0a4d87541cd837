// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 packet in an Ethernet frame, as tests write and read it. Built packets have correct checksums, parsed ones are
 * refused with wrong ones, so every comparison is one of checksums, too.
 *
 * @param fragment which part of a datagram it is
 */
record Packet(String source, String destination, int ttl, Fragment fragment, Body body) {
    static final int ETHERNET = 14;
    static final int IP_HEADER = 20;
    private static final int TTL = 64;

    /** @param offset bytes */
    record Fragment(int id, int offset, boolean more) {
        static final Fragment WHOLE = new Fragment(1, 0, false);
    }

    static Packet tcp(String source, int sourcePort, String destination, int destinationPort, int flags) {
        return of(source, destination, new Body.Tcp(sourcePort, destinationPort, flags, 1000, 2000, ""));
    }

    static Packet syn(String source, int sourcePort, String destination, int destinationPort) {
        return tcp(source, sourcePort, destination, destinationPort, Body.SYN);
    }

    static Packet udp(String source, int sourcePort, String destination, int destinationPort, String data) {
        return of(source, destination, new Body.Udp(sourcePort, destinationPort, data));
    }

    static Packet echo(String source, String destination, int identifier) {
        return of(source, destination, new Body.Echo(false, identifier, "ping"));
    }

    /** An ICMP port unreachable about a packet, from its destination or a router. */
    static Packet unreachable(String source, Packet about) {
        return of(source, about.source, new Body.Error(3, 3, Body.Quoted.of(about)));
    }

    static Packet of(String source, String destination, Body body) {
        return new Packet(source, destination, TTL, Fragment.WHOLE, body);
    }

    Packet as(Fragment part) {
        return new Packet(source, destination, ttl, part, body);
    }

    Packet with(Body other) {
        return new Packet(source, destination, ttl, fragment, other);
    }

    Packet withTtl(int other) {
        return new Packet(source, destination, other, fragment, body);
    }

    /** What its receiver would answer: a SYN with SYN and ACK, an echo with its reply. */
    Packet answer() {
        return of(
                destination,
                source,
                switch (body) {
                    case Body.Tcp tcp ->
                        new Body.Tcp(tcp.destinationPort(), tcp.sourcePort(), tcp.flags() | Body.ACK, 2000, 1001, "");
                    case Body.Udp udp -> new Body.Udp(udp.destinationPort(), udp.sourcePort(), udp.data());
                    case Body.Echo echo -> new Body.Echo(true, echo.identifier(), echo.data());
                    default -> throw new IllegalArgumentException("nobody answers " + this);
                });
    }

    int sourcePort() {
        return body instanceof Body.Tcp tcp ? tcp.sourcePort() : ((Body.Udp) body).sourcePort();
    }

    byte[] ipBytes() {
        var payload = body.bytes(source, destination);
        var header = ByteBuffer.allocate(IP_HEADER)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (IP_HEADER + payload.length))
                .putShort((short) fragment.id)
                .putShort((short) ((fragment.more ? 0x2000 : 0) | fragment.offset / 8))
                .put((byte) ttl)
                .put((byte) body.protocol())
                .putShort((short) 0)
                .put(addressBytes(source))
                .put(addressBytes(destination))
                .array();
        return ByteBuffer.allocate(IP_HEADER + payload.length)
                .put(Checksum.enter(header, 10, 0))
                .put(payload)
                .array();
    }

    /** The whole frame, from 02:…:01 to 02:…:02. */
    byte[] frame() {
        var ip = ipBytes();
        return ByteBuffer.allocate(ETHERNET + ip.length)
                .put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0})
                .put(ip)
                .array();
    }

    static byte[] addressBytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
