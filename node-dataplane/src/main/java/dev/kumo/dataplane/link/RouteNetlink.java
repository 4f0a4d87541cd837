// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.jna.NetlinkSocket;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests to the kernel's rtnetlink and their answers, in the network namespace in which it was opened. One request at a time;
 * safe for use by several threads.
 */
final class RouteNetlink implements AutoCloseable {
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int INTERRUPTED = 0x10;
    private static final int EXTENDED = 0x200;
    private static final int ERROR_MESSAGE = 1;
    private static final int BUFFER = 1 << 16;
    private static final int ATTEMPTS = 10;

    private final NetlinkSocket socket;
    private final byte[] buffer = new byte[BUFFER];
    private int sequence;

    /** @throws LinkException if no socket can be had */
    RouteNetlink() {
        var opening = NetlinkSocket.open(0);
        if (opening.errno() != 0) {
            throw new LinkException("netlink socket", opening.errno(), "");
        }
        socket = opening.socket();
    }

    /**
     * Has a request carried out.
     *
     * @param what for the message of a refusal, such as {@code make link lxc1}
     * @return what the kernel answered besides its consent; all objects, for a dump
     * @throws LinkException with the kernel's error number and words
     */
    synchronized List<NetlinkReply> call(NetlinkMessage message, String what) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int sent = socket.send(message.toBytes(++sequence));
            if (sent < 0) {
                throw new LinkException(what, -sent, "");
            }
            var answer = receive(what);
            if (!answer.interrupted()) {
                return answer.messages();
            }
        }
        throw new LinkException(Reason.KERNEL_ERROR, what + ": changes faster than it can be read");
    }

    @Override
    public synchronized void close() {
        socket.close();
    }

    /** {@code interrupted}: the table changed under the dump, which may lack objects. */
    private record Answer(List<NetlinkReply> messages, boolean interrupted) {}

    /** Reads up to the acknowledgement or the end of the dump. */
    private Answer receive(String what) {
        var messages = new ArrayList<NetlinkReply>();
        boolean interrupted = false;
        while (true) {
            int length = socket.receive(buffer);
            if (length < 0) {
                throw new LinkException(what, -length, "");
            }
            for (var reply : NetlinkReply.split(buffer, length)) {
                if (reply.sequence() != sequence) {
                    continue;
                }
                interrupted |= reply.hasFlag(INTERRUPTED);
                if (reply.type() == ERROR) {
                    throwIfRefused(reply, what);
                    return new Answer(messages, interrupted);
                }
                if (reply.type() == DONE) {
                    return new Answer(messages, interrupted);
                }
                messages.add(reply);
            }
        }
    }

    private static void throwIfRefused(NetlinkReply reply, String what) {
        int errno = -reply.integer(0);
        if (errno != 0) {
            var words = reply.hasFlag(EXTENDED)
                    ? reply.attributes(4 + NetlinkMessage.HEADER)
                            .string(ERROR_MESSAGE)
                            .orElse("")
                    : "";
            throw new LinkException(what, errno, words);
        }
    }
}
