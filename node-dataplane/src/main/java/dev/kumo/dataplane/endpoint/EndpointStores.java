// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.TreeSet;

/** What is on disk of the node's endpoints: their addresses and themselves. Any thread. */
public record EndpointStores(Ipam ipam, Endpoints endpoints) {
    /** @param directory such as {@code /var/lib/kumo} */
    public static EndpointStores open(Path directory, Clock clock) {
        return new EndpointStores(
                Ipam.open(directory.resolve("ipam.json"), clock), Endpoints.open(directory.resolve("endpoints.json")));
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
