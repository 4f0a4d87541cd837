// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.jna.PacketSocket;

/**
 * ARP frames of one device, whole with their Ethernet headers, in the network namespace of the thread that opens it. Requests
 * that the ingress hook answers are not among them.
 */
public final class ArpSocket implements AutoCloseable {
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ENETDOWN = 100;

    private final PacketSocket socket;
    private final String device;

    private ArpSocket(PacketSocket socket, String device) {
        this.socket = socket;
        this.device = device;
    }

    /**
     * @param patience milliseconds after which {@link #receive} comes back without a frame
     * @throws LinkException if the kernel refuses
     */
    public static ArpSocket open(Link link, int patience) {
        var opening = PacketSocket.open(link.index(), ETHERTYPE_ARP);
        if (opening.errno() != 0) {
            throw new LinkException("ARP socket on " + link.name(), opening.errno(), "");
        }
        opening.socket().setReceiveTimeout(patience);
        return new ArpSocket(opening.socket(), link.name());
    }

    /**
     * Does not wait. A frame for a link that is down is lost, as on a wire.
     *
     * @throws LinkException if the kernel refuses
     */
    public void send(byte[] frame) {
        int sent = socket.send(frame);
        if (sent < 0 && sent != -ENETDOWN && sent != -EAGAIN) {
            throw new LinkException("send ARP on " + device, -sent, "");
        }
    }

    /**
     * Waits for a frame.
     *
     * @return its length, as much as the buffer takes; 0 if none came in time
     * @throws LinkException if the kernel refuses
     */
    public int receive(byte[] buffer) {
        return length(socket.receive(buffer));
    }

    /** The next frame that is there already; 0 if none is. */
    public int receiveNow(byte[] buffer) {
        return length(socket.receiveNow(buffer));
    }

    private int length(int received) {
        if (received == -EAGAIN || received == -EINTR || received == -ENETDOWN) {
            return 0;
        }
        if (received < 0) {
            throw new LinkException("receive ARP on " + device, -received, "");
        }
        return received;
    }

    @Override
    public void close() {
        socket.close();
    }
}
