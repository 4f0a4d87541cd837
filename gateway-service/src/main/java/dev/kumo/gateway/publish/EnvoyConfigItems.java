// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.gateway.envoyconfig.plan.FrontendKey;
import dev.kumo.gateway.envoyconfig.plan.PlannedEnvoyConfig;
import dev.kumo.gateway.envoyconfig.resource.EnvoyConfigResources;
import dev.kumo.gateway.envoyconfig.resource.EnvoyMessage;
import dev.kumo.gateway.envoyconfig.resource.ResourceKind;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.util.List;
import java.util.TreeMap;

/** Configurations as items: their resources, and a redirect of each frontend that they have. Stateless. */
public final class EnvoyConfigItems {
    private EnvoyConfigItems() {}

    /**
     * Adds one; nothing of it if it is for no node.
     *
     * @param messages of the object
     * @return listeners whose confirmation it waits for
     */
    public static List<PublishedListener> add(
            PlannedEnvoyConfig planned, List<EnvoyMessage> messages, EnvoyItems items) {
        var resources = EnvoyConfigResources.of(planned, messages);
        if (resources.isEmpty()
                || planned.nodes().filter(nodes -> nodes.isEmpty()).isPresent()) {
            return List.of();
        }
        var audience = planned.nodes().map(Audience::of).orElse(Audience.everyNode());
        resources.forEach(
                resource -> items.add(resource.message(), EnvoyMessage::pack, template(planned, resource), audience));
        planned.redirects()
                .forEach((frontend, listener) ->
                        items.add(redirect(planned, frontend, listener), frontend.port(), audience));
        return resources.stream()
                .filter(resource -> resource.kind() == ResourceKind.LISTENER)
                .map(listener -> published(planned, listener, resources, audience, items))
                .toList();
    }

    private static PublishedListener published(
            PlannedEnvoyConfig planned,
            EnvoyMessage listener,
            List<EnvoyMessage> resources,
            Audience audience,
            EnvoyItems items) {
        var parts = new TreeMap<String, Long>();
        for (var resource : resources) {
            if (resource.kind() != ResourceKind.LISTENER) {
                parts.put(key(resource).key(), hash(resource, items));
            }
        }
        return new PublishedListener(
                listener.name(),
                key(listener).key(),
                hash(listener, items),
                parts,
                planned.redirects().entrySet().stream()
                        .filter(entry -> entry.getValue().equals(listener.name()))
                        .map(entry -> EnvoyItems.redirectKey(
                                        redirect(planned, entry.getKey(), entry.getValue()),
                                        entry.getKey().port())
                                .key())
                        .toList(),
                audience);
    }

    private static EnvoyResource template(PlannedEnvoyConfig planned, EnvoyMessage resource) {
        return EnvoyResource.newBuilder()
                .setName(resource.name())
                .setOwner(owner(planned))
                .setSensitive(resource.sensitive())
                .setIngressSource(resource.kind() == ResourceKind.CLUSTER
                        && !planned.view().keepSource())
                .build();
    }

    private static Redirect redirect(PlannedEnvoyConfig planned, FrontendKey frontend, String listener) {
        return Redirect.newBuilder()
                .setNamespace(frontend.service().namespace())
                .setService(frontend.service().name())
                .addPorts(frontend.port())
                .setListener(listener)
                .setKeepSource(planned.view().keepSource())
                .setOwner(owner(planned))
                .build();
    }

    private static String owner(PlannedEnvoyConfig planned) {
        return planned.view().kind() + "/" + planned.view().key();
    }

    private static ItemKey key(EnvoyMessage resource) {
        return EnvoyItems.resourceKey(resource.kind().type(), resource.name());
    }

    private static long hash(EnvoyMessage resource, EnvoyItems items) {
        return items.item(key(resource)).map(StateItem::hash).orElse(0L);
    }
}
