// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.jna.NetlinkSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Follows the devices of a network namespace by the kernel's notifications, on a platform thread {@code link-watch}. */
final class LinkWatch implements AutoCloseable, Runnable {
    private static final Logger LOG = Logger.getLogger(LinkWatch.class);
    private static final int GROUP_LINK = 1;
    private static final int ANY_FAMILY = 0;
    private static final int EAGAIN = 11;
    private static final int EINTR = 4;
    private static final int BUFFER = 1 << 16;
    private static final int STOP_CHECK_MILLIS = 250;

    private final NetlinkSocket notifications;
    private final RouteNetlink netlink;
    private final Consumer<LinkEvent> listener;
    private final Map<Integer, Link> known = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().name("link-watch").daemon().unstarted(this);
    private volatile boolean stopped;

    private LinkWatch(NetlinkSocket notifications, RouteNetlink netlink, Consumer<LinkEvent> listener) {
        this.notifications = notifications;
        this.netlink = netlink;
        this.listener = listener;
    }

    static LinkWatch start(Consumer<LinkEvent> listener) {
        // Subscribed before the first look, so that nothing falls between.
        var opening = NetlinkSocket.open(GROUP_LINK);
        if (opening.errno() != 0) {
            throw new LinkException("watch links", opening.errno(), "");
        }
        opening.socket().setReceiveTimeout(STOP_CHECK_MILLIS);
        var watch = new LinkWatch(opening.socket(), new RouteNetlink(), listener);
        watch.thread.start();
        return watch;
    }

    @Override
    public void run() {
        var buffer = new byte[BUFFER];
        readAll();
        while (!stopped) {
            int length = notifications.receive(buffer);
            if (length >= 0) {
                NetlinkReply.split(buffer, length).forEach(this::take);
            } else if (length != -EAGAIN && length != -EINTR) {
                LOG.debugf("link notifications were lost (errno %d), reading all links anew", -length);
                readAll();
            }
        }
        notifications.close();
        netlink.close();
    }

    private void readAll() {
        var gone = new HashSet<>(known.keySet());
        for (var reply : netlink.call(Rtnetlink.dumpLinks(), "list links")) {
            var link = Rtnetlink.link(reply);
            gone.remove(link.index());
            changed(link);
        }
        gone.forEach(this::removed);
    }

    private void take(NetlinkReply reply) {
        if (reply.unsignedByte(0) != ANY_FAMILY) {
            // A bridge's view of its ports, in which "deleted" means no longer a port.
            return;
        }
        if (reply.type() == Rtnetlink.NEW_LINK) {
            changed(Rtnetlink.link(reply));
        } else if (reply.type() == Rtnetlink.DELETE_LINK) {
            removed(Rtnetlink.link(reply).index());
        }
    }

    private void changed(Link link) {
        if (!link.equals(known.put(link.index(), link))) {
            tell(new LinkEvent(link, false));
        }
    }

    private void removed(int index) {
        var link = known.remove(index);
        if (link != null) {
            tell(new LinkEvent(link, true));
        }
    }

    private void tell(LinkEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.errorf(e, "a listener failed at %s", event);
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
