// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A NETLINK_ROUTE socket. It stays in the network namespace in which it was opened. Not thread-safe. Methods return what the
 * call returned, or the negative error number.
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | Libc.O_CLOEXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final int fd;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /** A socket, or the positive error number. */
    public record Opening(NetlinkSocket socket, int errno) {}

    /** @param groups RTMGRP_* whose messages it shall receive, 0 for none */
    public static Opening open(int groups) {
        int fd = Libc.check(Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
        var socket = new NetlinkSocket(fd);
        if (fd < 0) {
            return new Opening(socket, -fd);
        }
        socket.set(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
        // Refusals come without the request but with the kernel's own words.
        socket.set(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        socket.set(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        var address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_NETLINK).putShort((short) 0).putInt(0).putInt(groups);
        int bound = Libc.check(Libc.bind(fd, address.array(), address.capacity()));
        if (bound < 0) {
            socket.close();
        }
        return new Opening(socket, -bound);
    }

    /** Receiving gives up after that time with -EAGAIN. */
    public void setReceiveTimeout(int millis) {
        var time = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        time.putLong(millis / 1000).putLong(millis % 1000 * 1000L);
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time.array(), time.capacity());
    }

    public int send(byte[] message) {
        return Libc.check((int) Libc.send(fd, message, message.length, 0));
    }

    public int receive(byte[] buffer) {
        return Libc.check((int) Libc.recv(fd, buffer, buffer.length, 0));
    }

    @Override
    public void close() {
        Libc.close(fd);
    }

    private void set(int level, int name, int value) {
        var bytes = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value);
        Libc.setsockopt(fd, level, name, bytes.array(), 4);
    }
}
