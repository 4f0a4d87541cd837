// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import com.google.protobuf.Message;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.plan.BackendCluster;
import dev.kumo.gateway.plan.HttpListener;
import dev.kumo.gateway.translate.EnvoyResources;
import dev.kumo.gateway.translate.GatewayTranslator;
import dev.kumo.stream.Audience;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;

/** Listeners of Gateways and Ingresses as items: their resources, and a redirect of the Service's port to each. Used by one thread. */
public final class ListenerItems {
    private final GatewayTranslator translator = new GatewayTranslator();

    /**
     * Adds what nodes shall have of them.
     *
     * @param clusters at least those that the listeners name
     * @param certificates likewise; their keys are marked as sensitive
     * @return the listeners as they are published
     */
    public List<PublishedListener> add(
            List<HttpListener> listeners,
            List<BackendCluster> clusters,
            List<TlsSecret.KeyPair> certificates,
            EnvoyItems items) {
        var resources = translator.translate(listeners, clusters, certificates);
        for (int i = 0; i < listeners.size(); i++) {
            add(listeners.get(i), resources, i, items);
        }
        for (int i = 0; i < clusters.size(); i++) {
            var cluster = resources.clusters().get(i);
            var item = EnvoyResource.newBuilder()
                    .setName(cluster.getName())
                    .setOwner("Service/" + clusters.get(i).service())
                    .setIngressSource(true);
            items.add(cluster, item.build(), Audience.everyNode());
        }
        resources.secrets().forEach(secret -> add(secret, items));
        return listeners.stream().map(listener -> published(listener, items)).toList();
    }

    /** How many routes of Envoy have been made so far, rather than found. */
    public long routesMade() {
        return translator.routesMade();
    }

    private static void add(Secret secret, EnvoyItems items) {
        var item = EnvoyResource.newBuilder()
                .setName(secret.getName())
                .setOwner("Secret/" + secret.getName())
                .setSensitive(true);
        items.add(secret, item.build(), Audience.everyNode());
    }

    private static PublishedListener published(HttpListener listener, EnvoyItems items) {
        return PublishedListener.of(
                listener.name(),
                listener.secrets().stream().map(ObjectKey::toString).toList(),
                List.of(EnvoyItems.redirectKey(redirect(listener), listener.port())),
                items);
    }

    private static void add(HttpListener listener, EnvoyResources resources, int index, EnvoyItems items) {
        for (Message resource :
                List.of(resources.listeners().get(index), resources.routes().get(index))) {
            var item = EnvoyResource.newBuilder().setName(listener.name()).setOwner(listener.owner());
            items.add(resource, item.build(), Audience.everyNode());
        }
        items.add(redirect(listener), listener.port(), Audience.everyNode());
    }

    private static Redirect redirect(HttpListener listener) {
        return Redirect.newBuilder()
                .setNamespace(listener.service().namespace())
                .setService(listener.service().name())
                .addPorts(listener.port())
                .setListener(listener.name())
                .setOwner(listener.owner())
                .build();
    }
}
