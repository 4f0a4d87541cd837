// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An IPv4 stream socket by libc: Java never asks the kernel for a socket's peer. */
public final class TestSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int ADDRESS = 16;

    static {
        Native.register(TestSocket.class, "c");
    }

    private final int fd = Libc.socket(AF_INET, SOCK_STREAM | Libc.O_CLOEXEC, 0);

    private static native int connect(int fd, byte[] address, int length);

    private static native int getpeername(int fd, byte[] address, IntByReference length);

    public void connect(InetSocketAddress address) throws IOException {
        var bytes = ByteBuffer.allocate(ADDRESS);
        bytes.put((byte) AF_INET).put((byte) 0);
        bytes.putShort((short) address.getPort()).put(address.getAddress().getAddress());
        if (connect(fd, bytes.array(), ADDRESS) < 0) {
            throw new IOException("connect: errno " + Native.getLastError());
        }
    }

    /** What getpeername(2) says. */
    public InetSocketAddress peer() throws UnknownHostException {
        var bytes = new byte[ADDRESS];
        getpeername(fd, bytes, new IntByReference(ADDRESS));
        int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(2));
        return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 4, 8)), port);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
