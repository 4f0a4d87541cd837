// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What an IPv4 packet carries. */
sealed interface Body {
    int FIN = 1;
    int SYN = 2;
    int RST = 4;
    int ACK = 16;

    /** IANA number. */
    int protocol();

    /** On the wire, checksum included. */
    byte[] bytes(String source, String destination);

    record Tcp(int sourcePort, int destinationPort, int flags, long sequence, long acknowledged, String data)
            implements Body {
        static final int HEADER = 20;
        static final int CHECK = 16;

        @Override
        public int protocol() {
            return 6;
        }

        @Override
        public byte[] bytes(String source, String destination) {
            var bytes = ByteBuffer.allocate(HEADER + data.length())
                    .putShort((short) sourcePort)
                    .putShort((short) destinationPort)
                    .putInt((int) sequence)
                    .putInt((int) acknowledged)
                    .put((byte) (HEADER / 4 << 4))
                    .put((byte) flags)
                    .putShort((short) 0)
                    .putInt(0)
                    .put(data.getBytes(StandardCharsets.ISO_8859_1))
                    .array();
            return Checksum.enter(bytes, CHECK, Checksum.pseudoHeader(source, destination, 6, bytes.length));
        }
    }

    record Udp(int sourcePort, int destinationPort, String data) implements Body {
        static final int HEADER = 8;
        static final int CHECK = 6;

        @Override
        public int protocol() {
            return 17;
        }

        @Override
        public byte[] bytes(String source, String destination) {
            var bytes = ByteBuffer.allocate(HEADER + data.length())
                    .putShort((short) sourcePort)
                    .putShort((short) destinationPort)
                    .putShort((short) (HEADER + data.length()))
                    .putShort((short) 0)
                    .put(data.getBytes(StandardCharsets.ISO_8859_1))
                    .array();
            return Checksum.enter(bytes, CHECK, Checksum.pseudoHeader(source, destination, 17, bytes.length));
        }
    }

    record Echo(boolean reply, int identifier, String data) implements Body {
        static final int HEADER = 8;
        static final int CHECK = 2;

        @Override
        public int protocol() {
            return 1;
        }

        @Override
        public byte[] bytes(String source, String destination) {
            var bytes = ByteBuffer.allocate(HEADER + data.length())
                    .put((byte) (reply ? 0 : 8))
                    .put((byte) 0)
                    .putShort((short) 0)
                    .putShort((short) identifier)
                    .putShort((short) 1)
                    .put(data.getBytes(StandardCharsets.ISO_8859_1))
                    .array();
            return Checksum.enter(bytes, CHECK, 0);
        }
    }

    /** An ICMP error: the quoted packet's IP header and eight bytes. */
    record Error(int type, int code, Quoted quoted) implements Body {
        static final int HEADER = 8;
        static final int QUOTED = 28;

        @Override
        public int protocol() {
            return 1;
        }

        @Override
        public byte[] bytes(String source, String destination) {
            var bytes = ByteBuffer.allocate(HEADER + QUOTED)
                    .put((byte) type)
                    .put((byte) code)
                    .putShort((short) 0)
                    .putInt(0)
                    .put(quoted.packet().ipBytes(), 0, QUOTED)
                    .array();
            return Checksum.enter(bytes, Echo.CHECK, 0);
        }
    }

    /** A later fragment's share of the datagram. */
    record Rest(int protocol, String data) implements Body {
        @Override
        public byte[] bytes(String source, String destination) {
            return data.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The connection that an ICMP error names, as far as eight bytes tell; ports are the identifier for echo. */
    record Quoted(String source, String destination, int protocol, int sourcePort, int destinationPort) {
        static Quoted of(Packet packet) {
            return switch (packet.body()) {
                case Tcp tcp ->
                    new Quoted(packet.source(), packet.destination(), 6, tcp.sourcePort(), tcp.destinationPort());
                case Udp udp ->
                    new Quoted(packet.source(), packet.destination(), 17, udp.sourcePort(), udp.destinationPort());
                case Echo echo -> new Quoted(packet.source(), packet.destination(), 1, echo.identifier(), 0);
                default -> throw new IllegalArgumentException("not quoted here: " + packet);
            };
        }

        private Packet packet() {
            return switch (protocol) {
                case 6 -> Packet.tcp(source, sourcePort, destination, destinationPort, ACK);
                case 17 -> Packet.udp(source, sourcePort, destination, destinationPort, "data");
                default -> Packet.echo(source, destination, sourcePort);
            };
        }
    }
}
