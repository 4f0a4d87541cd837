// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.memo.Memo;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Collects what one plan gives nodes: tables {@code resources} and {@code redirects} of envoy.proto. What several owners need, such
 * as a cluster, is one item as long as they say the same of it. Used by one thread.
 */
public final class EnvoyItems {
    public static final String RESOURCES = "resources";
    public static final String REDIRECTS = "redirects";

    private final Memo<ItemKey, Source, StateItem> known;
    private final SortedMap<ItemKey, StateItem> items = new TreeMap<>();

    /** All that an item is made of. */
    private record Source(Message resource, Message template, Audience audience) {}

    /** What items were made of, for the next plan to find them: those that stay keep their bytes. Used by one thread. */
    public static final class Known {
        private final Memo<ItemKey, Source, StateItem> items = new Memo<>();

        /** How many items have been serialized so far, rather than found. */
        public long made() {
            return items.made();
        }
    }

    public EnvoyItems(Known known) {
        this.known = known.items;
    }

    /** Key of a resource: its type URL without prefix, and its name. */
    public static ItemKey resourceKey(String type, String name) {
        return new ItemKey(RESOURCES, type + "|" + name);
    }

    /**
     * @param resource an Envoy v3 resource, packed here
     * @param template all of the item but the resource: name, owner, marks
     */
    public void add(Message resource, EnvoyResource template, Audience audience) {
        add(resource, Any::pack, template, audience);
    }

    /** @param pack a pure function, for resources that {@link Any#pack} doesn't write with equal bytes */
    public void add(Message resource, Function<Message, Any> pack, EnvoyResource template, Audience audience) {
        var key = resourceKey(resource.getDescriptorForType().getFullName(), template.getName());
        put(known.of(key, new Source(resource, template, audience), source -> {
            var message = template.toBuilder().setResource(pack.apply(resource)).build();
            return StateItem.of(RESOURCES, key.key(), message, audience);
        }));
    }

    /** @param port of the Service; 0 for one item that names several ports or all */
    public void add(Redirect redirect, int port, Audience audience) {
        var key = redirectKey(redirect, port);
        put(known.of(
                key,
                new Source(redirect, redirect, audience),
                _ -> StateItem.of(REDIRECTS, key.key(), redirect, audience)));
    }

    public static ItemKey redirectKey(Redirect redirect, int port) {
        return new ItemKey(REDIRECTS, "%s/%s/TCP/%d".formatted(redirect.getNamespace(), redirect.getService(), port));
    }

    public Optional<StateItem> item(ItemKey key) {
        return Optional.ofNullable(items.get(key));
    }

    /** The plan is complete: items that it doesn't have need not be known to the next one. */
    public void endPlan() {
        known.endRound();
    }

    /** @param resourceVersions what the plan's inputs reflect */
    public StateSnapshot snapshot(SortedMap<String, Long> resourceVersions) {
        return new StateSnapshot(items, resourceVersions);
    }

    /** @throws IllegalStateException if two owners say different things of one key, which their names must rule out */
    private void put(StateItem item) {
        var before = items.putIfAbsent(item.key(), item);
        if (before != null && !before.equals(item)) {
            throw new IllegalStateException("said in two ways: " + item.key());
        }
    }
}
