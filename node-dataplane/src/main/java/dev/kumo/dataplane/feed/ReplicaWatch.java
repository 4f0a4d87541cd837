// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.stream.FeedMethods;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads the EndpointSlices of our own namespace and tells the directory where the feeds' replicas are. The API server may be
 * away for as long as it likes: the directory then stays as it is. Replicas that aren't ready count too: whether one may be
 * asked is for it to say.
 */
public final class ReplicaWatch implements AutoCloseable {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final Comparator<InetAddress> BY_TEXT = Comparator.comparing(InetAddress::getHostAddress);

    private final TableSet tables;
    private final KubeTable<Slice> slices;
    private final ReplicaDirectory directory;

    private record Slice(String service, List<String> addresses) {}

    public ReplicaWatch(KubernetesClient client, String namespace, ReplicaDirectory directory) {
        this.tables = new TableSet("replicas", client);
        this.slices = tables.add(TableSource.inNamespace(
                "endpointslices", namespace, EndpointSlice.class, EndpointSlice::new, ReplicaWatch::slice));
        this.directory = directory;
    }

    public void start() {
        tables.start(this::tell);
    }

    @Override
    public void close() throws InterruptedException {
        tables.close();
    }

    private void tell() {
        var told = new EnumMap<FeedMethods, SortedSet<InetAddress>>(FeedMethods.class);
        for (var feed : FeedMethods.values()) {
            var addresses = new TreeSet<>(BY_TEXT);
            slices.rows().values().stream()
                    .filter(slice -> slice.service().equals(feed.service()))
                    .flatMap(slice -> slice.addresses().stream())
                    .map(InetAddress::ofLiteral)
                    .forEach(addresses::add);
            told.put(feed, addresses);
        }
        directory.update(told);
    }

    private static Slice slice(EndpointSlice slice) {
        var labels = slice.getMetadata().getLabels();
        var endpoints = slice.getEndpoints();
        return new Slice(
                labels == null ? "" : labels.getOrDefault(SERVICE_LABEL, ""),
                endpoints == null
                        ? List.of()
                        : endpoints.stream()
                                .flatMap(endpoint -> endpoint.getAddresses().stream())
                                .toList());
    }
}
