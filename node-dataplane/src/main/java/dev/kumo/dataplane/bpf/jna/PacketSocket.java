// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An AF_PACKET socket on one device: whole Ethernet frames of one protocol, seen after the device's ingress hook. It stays in the
 * network namespace in which it was opened. One thread may send while others receive. Methods return what the call returned, or
 * the negative error number.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | Libc.O_CLOEXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int LINK_ADDRESS = 20;

    private final int fd;

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    /** A socket, or the positive error number. */
    public record Opening(PacketSocket socket, int errno) {}

    /** @param protocol an EtherType */
    public static Opening open(int ifindex, int protocol) {
        // Without a protocol until it is bound: nothing of other devices may come in between.
        int fd = Libc.check(Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0));
        var socket = new PacketSocket(fd);
        if (fd < 0) {
            return new Opening(socket, -fd);
        }
        var address = ByteBuffer.allocate(LINK_ADDRESS).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_PACKET);
        address.order(ByteOrder.BIG_ENDIAN).putShort((short) protocol);
        address.order(ByteOrder.nativeOrder()).putInt(ifindex);
        int bound = Libc.check(Libc.bind(fd, address.array(), address.capacity()));
        if (bound < 0) {
            socket.close();
        }
        return new Opening(socket, -bound);
    }

    /** {@link #receive} gives up after that time with -EAGAIN. */
    public void setReceiveTimeout(int millis) {
        var time = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        time.putLong(millis / 1000).putLong(millis % 1000 * 1000L);
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time.array(), time.capacity());
    }

    public int send(byte[] frame) {
        return Libc.check((int) Libc.send(fd, frame, frame.length, MSG_DONTWAIT));
    }

    public int receive(byte[] buffer) {
        return Libc.check((int) Libc.recv(fd, buffer, buffer.length, 0));
    }

    /** What is there already, or -EAGAIN. */
    public int receiveNow(byte[] buffer) {
        return Libc.check((int) Libc.recv(fd, buffer, buffer.length, MSG_DONTWAIT));
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
