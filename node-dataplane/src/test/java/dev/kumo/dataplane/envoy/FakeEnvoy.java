// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import com.google.rpc.Status;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The other end of an {@link AdsStream}: takes down what it is sent, as "TYPE +added -removed". */
final class FakeEnvoy implements AdsStream.Transport, AdsStream.Answers {
    final ResourceTable table = new ResourceTable();
    final AdsStream stream = new AdsStream(table, this, this);
    final List<String> refusals = new ArrayList<>();
    final List<String> unanswered = new ArrayList<>();
    final List<ResourceName> accepted = new ArrayList<>();
    boolean ready = true;
    String clustersSent;
    private final Deque<DeltaDiscoveryResponse> inbox = new ArrayDeque<>();

    void put(EnvoyResource... resources) {
        for (var resource : resources) {
            if (table.put(resource)) {
                stream.changed(resource.name());
            }
        }
        stream.flush();
    }

    void remove(ResourceType type, String name) {
        var resource = new ResourceName(type, name);
        if (table.remove(resource)) {
            stream.changed(resource);
        }
        stream.flush();
    }

    void subscribe(ResourceType type, String... names) {
        request(type, DeltaDiscoveryRequest.newBuilder().addAllResourceNamesSubscribe(List.of(names)));
    }

    void request(ResourceType type, DeltaDiscoveryRequest.Builder request) {
        stream.request(type, request.setTypeUrl(type.typeUrl()).build());
    }

    /** What came since the last look; nothing of it is answered. */
    List<String> inbox() {
        return inbox.stream().map(FakeEnvoy::text).toList();
    }

    void ack() {
        ack(typeOf(inbox.getFirst()));
    }

    /** Answers the oldest response of this type; others may be older. */
    void ack(ResourceType type) {
        var response =
                inbox.stream().filter(sent -> typeOf(sent) == type).findFirst().orElseThrow();
        inbox.remove(response);
        request(typeOf(response), DeltaDiscoveryRequest.newBuilder().setResponseNonce(response.getNonce()));
    }

    void nack(String message) {
        var response = inbox.remove();
        request(
                typeOf(response),
                DeltaDiscoveryRequest.newBuilder()
                        .setResponseNonce(response.getNonce())
                        .setErrorDetail(Status.newBuilder().setMessage(message)));
    }

    /** Acknowledges everything until nothing more comes. */
    List<String> ackAll() {
        var seen = new ArrayList<String>();
        while (!inbox.isEmpty()) {
            seen.add(text(inbox.getFirst()));
            ack();
        }
        return seen;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(DeltaDiscoveryResponse response) {
        inbox.add(response);
    }

    @Override
    public void accepted(ResourceName name) {
        accepted.add(name);
    }

    @Override
    public void refused(ResourceName name, String version, String message) {
        refusals.add(name.name() + ": " + message);
    }

    @Override
    public void clustersSent(String nonce) {
        clustersSent = nonce;
    }

    @Override
    public void unanswered(List<String> clusters) {
        unanswered.addAll(clusters);
    }

    private static ResourceType typeOf(DeltaDiscoveryResponse response) {
        return ResourceType.of(response.getTypeUrl()).orElseThrow();
    }

    private static String text(DeltaDiscoveryResponse response) {
        var text = new StringBuilder(typeOf(response).name());
        response.getResourcesList().stream()
                .map(Resource::getName)
                .sorted()
                .forEach(name -> text.append(" +").append(name));
        response.getRemovedResourcesList().stream()
                .sorted()
                .forEach(name -> text.append(" -").append(name));
        return text.toString();
    }
}
