// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.announce.AnnouncementManager;
import dev.kumo.dataplane.announce.ArpWire;
import dev.kumo.dataplane.announce.LanDevice;
import dev.kumo.dataplane.announce.WakeUp;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.node.NodeNetwork;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.stream.node.ReportSender;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The announcement of addresses on the node's LAN devices, put together. */
final class NodeAnnouncements implements AutoCloseable {
    private final ApplyLoop loop;
    private final NodeNetwork network;
    private final AnnouncementManager manager;
    private final WakeUp alarm;
    private @Nullable ArpWire wire;

    NodeAnnouncements(ApplyLoop loop, NodeParts parts, DataplaneMetrics metrics, BooleanSupplier envoyReady) {
        this.loop = loop;
        network = parts.network();
        alarm = new WakeUp(this::wake);
        manager = new AnnouncementManager(
                network.node().name(),
                parts.datapath().announcements(),
                new AnnouncementManager.Surroundings(
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        alarm,
                        envoyReady,
                        metrics::addTransition));
        network.devices().forEach(this::tell);
        metrics.addAnnouncements(manager::counts);
        loop.add(manager);
    }

    AnnouncementManager manager() {
        return manager;
    }

    /** The node can serve what it announces. May be repeated. */
    void begin(ReportSender reports) {
        if (wire == null) {
            wire = new ArpWire(network.devices(), this::wake);
        }
        manager.begin(wire, reports::put);
        wake();
        reports.start();
    }

    /** A LAN device as it is now. Any thread. */
    void link(Link link) {
        tell(link);
        wake();
    }

    /** Something that it reports may have changed. Any thread. */
    void wake() {
        loop.wake(manager);
    }

    /** What is announced goes on. */
    @Override
    public void close() {
        alarm.close();
        if (wire != null) {
            wire.close();
        }
    }

    /** Nodes answer for each of their addresses on every device, so it is the node's own that is probed on all. */
    private void tell(Link link) {
        manager.device(LanDevice.of(link, network.node().address()));
    }
}
