// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads frames back into {@link Packet}s; asserts lengths and checksums. */
final class PacketReader {
    private PacketReader() {}

    static Packet read(byte[] frame) {
        var ip = Arrays.copyOfRange(frame, Packet.ETHERNET, frame.length);
        var header = Arrays.copyOf(ip, Packet.IP_HEADER);
        var fields = ByteBuffer.wrap(header);
        assertThat(Checksum.sum(header, 0)).as("IP header checksum").isEqualTo(0xffff);
        assertThat(fields.getShort(2) & 0xffff).as("IP length").isEqualTo(ip.length);
        int part = fields.getShort(6) & 0xffff;
        var fragment = new Packet.Fragment(fields.getShort(4) & 0xffff, (part & 0x1fff) * 8, (part & 0x2000) != 0);
        var source = address(header, 12);
        var destination = address(header, 16);
        var payload = Arrays.copyOfRange(ip, Packet.IP_HEADER, ip.length);
        var body = body(source, destination, header[9], payload, fragment);
        return new Packet(source, destination, header[8] & 0xff, fragment, body);
    }

    private static Body body(
            String source, String destination, int protocol, byte[] payload, Packet.Fragment fragment) {
        if (fragment.offset() > 0) {
            return new Body.Rest(protocol, new String(payload, ISO_8859_1));
        }
        if (!fragment.more()) { // the first part's checksum is that of the whole datagram
            int pseudo = protocol == 1 ? 0 : Checksum.pseudoHeader(source, destination, protocol, payload.length);
            assertThat(Checksum.sum(payload, pseudo)).as("transport checksum").isEqualTo(0xffff);
        }
        var fields = ByteBuffer.wrap(payload);
        return switch (protocol) {
            case 6 ->
                new Body.Tcp(
                        port(fields, 0),
                        port(fields, 2),
                        payload[13] & 0xff,
                        fields.getInt(4) & 0xffffffffL,
                        fields.getInt(8) & 0xffffffffL,
                        text(payload, Body.Tcp.HEADER));
            case 17 -> new Body.Udp(port(fields, 0), port(fields, 2), text(payload, Body.Udp.HEADER));
            case 1 ->
                payload[0] == 0 || payload[0] == 8
                        ? new Body.Echo(payload[0] == 0, port(fields, 4), text(payload, Body.Echo.HEADER))
                        : new Body.Error(payload[0], payload[1], quoted(payload));
            default -> throw new AssertionError("protocol " + protocol);
        };
    }

    private static Body.Quoted quoted(byte[] payload) {
        var header = Arrays.copyOfRange(payload, Body.Error.HEADER, Body.Error.HEADER + Packet.IP_HEADER);
        assertThat(Checksum.sum(header, 0)).as("quoted IP header's checksum").isEqualTo(0xffff);
        var transport = ByteBuffer.wrap(payload, Body.Error.HEADER + Packet.IP_HEADER, 8)
                .slice();
        boolean echo = header[9] == 1;
        return new Body.Quoted(
                address(header, 12),
                address(header, 16),
                header[9],
                port(transport, echo ? 4 : 0),
                echo ? 0 : port(transport, 2));
    }

    private static int port(ByteBuffer fields, int offset) {
        return fields.getShort(offset) & 0xffff;
    }

    private static String text(byte[] payload, int from) {
        return new String(payload, from, payload.length - from, ISO_8859_1);
    }

    private static String address(byte[] header, int offset) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(header, offset, offset + 4))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes", e);
        }
    }
}
