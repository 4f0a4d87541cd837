// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.state.StateFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/** What is on disk of the node's endpoints: their addresses and themselves. Any thread. */
public record EndpointStores(Ipam ipam, Endpoints endpoints) {
    private static final Logger LOG = Logger.getLogger(EndpointStores.class);

    /** @param directory such as {@code /var/lib/kumo} */
    public static EndpointStores open(Path directory, Clock clock) {
        return new EndpointStores(
                Ipam.open(directory.resolve("ipam.json"), clock), Endpoints.open(directory.resolve("endpoints.json")));
    }

    /**
     * The address that gateway traffic leaves this node from, the same for ever; empty if none is to be had. Pods keep theirs,
     * also where only their records tell of them.
     */
    public Optional<Address> reserveIngress() {
        try {
            endpoints.all().forEach(endpoint -> ipam.adopt(endpoint.attachment(), endpoint.address()));
            return Optional.of(ipam.reserve("ingress"));
        } catch (EndpointException e) {
            LOG.errorf("reason=%s no address for gateway traffic: %s", e.reason(), e.getMessage());
        } catch (StateFileException e) {
            LOG.errorf("reason=%s no address for gateway traffic: %s", e.reason(), e.getMessage());
        }
        return Optional.empty();
    }

    /** Everything that has a record or an address, sorted. */
    List<Attachment> attachments() {
        var all = new TreeSet<>(ipam.owners());
        endpoints.all().forEach(endpoint -> all.add(endpoint.attachment()));
        return List.copyOf(all);
    }

    /** The address first: a record without an address is undone again, an address without a record only by luck. */
    void forget(Attachment attachment) {
        ipam.release(attachment);
        endpoints.remove(attachment);
    }
}
