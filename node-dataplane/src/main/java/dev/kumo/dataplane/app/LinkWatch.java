// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.LinkEvent;
import dev.kumo.dataplane.node.NodeNetwork;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Follows the node's own devices. One that is gone or has come back as another has lost its hooks and may have lost its
 * routes; the process then starts anew, which makes and adopts everything in order.
 */
final class LinkWatch implements Consumer<LinkEvent> {
    private static final Logger LOG = Logger.getLogger(LinkWatch.class);

    private final NodeNetwork network;
    private final Consumer<Link> changed;
    private final Runnable lost;

    LinkWatch(NodeNetwork network, Consumer<Link> changed, Runnable lost) {
        this.network = network;
        this.changed = changed;
        this.lost = lost;
    }

    @Override
    public void accept(LinkEvent event) {
        var link = event.link();
        for (var device : network.devices()) {
            if (device.name().equals(link.name())) {
                changed.accept(link);
                follow(device, event);
            }
        }
        if (network.overlay().name().equals(link.name())) {
            follow(network.overlay(), event);
        }
    }

    private void follow(Link device, LinkEvent event) {
        if (event.removed() || event.link().index() != device.index()) {
            LOG.warnf("device=%s is gone or another one: starting anew", device.name());
            lost.run();
        }
    }
}
