// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import dev.kumo.stream.Audience;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A listener as it is published.
 *
 * @param key among {@code resources}
 * @param hash of its item
 * @param parts other resources that it can't do without, by key, with their items' hashes
 * @param redirects that lead to it, keys among {@code redirects}
 * @param audience nodes that it is for
 */
public record PublishedListener(
        String name, String key, long hash, SortedMap<String, Long> parts, List<String> redirects, Audience audience) {
    public static final String LISTENER = "envoy.config.listener.v3.Listener";
    public static final String SECRET = "envoy.extensions.transport_sockets.tls.v3.Secret";
    public static final String ROUTES = "envoy.config.route.v3.RouteConfiguration";

    /**
     * @param name of the Listener and of its RouteConfiguration
     * @param secrets names of its Secrets
     * @param redirects keys of its redirects
     */
    public static PublishedListener of(String name, List<String> secrets, List<ItemKey> redirects, EnvoyItems items) {
        var key = EnvoyItems.resourceKey(LISTENER, name);
        var parts = new TreeMap<String, Long>();
        var routes = EnvoyItems.resourceKey(ROUTES, name);
        items.item(routes).ifPresent(item -> parts.put(routes.key(), item.hash()));
        for (var secret : secrets) {
            var part = EnvoyItems.resourceKey(SECRET, secret);
            items.item(part).ifPresent(item -> parts.put(part.key(), item.hash()));
        }
        var keys = new ArrayList<String>();
        redirects.forEach(redirect -> keys.add(redirect.key()));
        return new PublishedListener(
                name,
                key.key(),
                items.item(key).map(StateItem::hash).orElse(0L),
                parts,
                List.copyOf(keys),
                Audience.everyNode());
    }
}
