// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.link.ArpSocket;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.LinkException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;

/** The wire by raw sockets, each read on a platform thread {@code arp-DEVICE}. */
public final class ArpWire implements Wire, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ArpWire.class);
    private static final int STOP_CHECK_MILLIS = 250;

    private final Map<Integer, Reader> readers = new TreeMap<>();
    private final Queue<Arrival> arrived = new ConcurrentLinkedQueue<>();
    private final Runnable notify;
    private volatile Set<Address> senders = Set.of();
    private volatile boolean closed;

    /**
     * Opens sockets in the network namespace of the calling thread.
     *
     * @param notify runs when something of interest has arrived, on a reading thread
     * @throws LinkException if the kernel refuses
     */
    public ArpWire(Collection<Link> devices, Runnable notify) {
        this.notify = notify;
        for (var device : devices) {
            readers.put(device.index(), new Reader(device));
        }
        readers.values().forEach(Reader::start);
    }

    @Override
    public void send(int ifindex, ArpFrame frame) {
        var reader = readers.get(ifindex);
        if (reader != null) {
            reader.socket.send(frame.toBytes());
        }
    }

    /** Reads the sockets' buffers as well: the reading threads may be late, and silence is judged by what is there. */
    @Override
    public List<Arrival> arrivals() {
        readers.values().forEach(Reader::drain);
        var all = new ArrayList<Arrival>();
        for (var arrival = arrived.poll(); arrival != null; arrival = arrived.poll()) {
            all.add(arrival);
        }
        return all;
    }

    @Override
    public void listenTo(Set<Address> senders) {
        this.senders = Set.copyOf(senders);
    }

    @Override
    public void close() {
        closed = true;
    }

    private boolean take(int ifindex, byte[] buffer, int length) {
        var frame = ArpFrame.read(buffer, length).filter(found -> senders.contains(found.sender()));
        frame.ifPresent(found -> arrived.add(new Arrival(ifindex, found)));
        return frame.isPresent();
    }

    /** One device's socket and its thread. */
    private final class Reader implements Runnable {
        private final Link device;
        private final ArpSocket socket;
        private final byte[] late = new byte[ArpFrame.LENGTH];

        Reader(Link device) {
            this.device = device;
            socket = ArpSocket.open(device, STOP_CHECK_MILLIS);
        }

        void start() {
            Thread.ofPlatform().name("arp-" + device.name()).daemon().start(this);
        }

        @Override
        public void run() {
            var buffer = new byte[ArpFrame.LENGTH];
            try {
                while (!closed) {
                    int length = socket.receive(buffer);
                    if (length > 0 && take(device.index(), buffer, length)) {
                        notify.run();
                    }
                }
            } catch (LinkException e) {
                // Only a device that is gone gets here; the process then starts anew.
                LOG.error("ARP is no longer heard on device=" + device.name(), e);
            } finally {
                socket.close();
            }
        }

        void drain() {
            for (int length = next(); length > 0; length = next()) {
                take(device.index(), late, length);
            }
        }

        private int next() {
            return closed ? 0 : socket.receiveNow(late);
        }
    }
}
