// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Hands the envoy feed's resources to the ADS server; not before the feed is in sync, since an Envoy that outlived the
 * dataplane would lose what isn't told yet. What Envoy refuses later is reported, not acknowledged here.
 */
public final class EnvoyManager implements Manager {
    private final Publisher publisher;
    /** Item key → what it became. */
    private final Map<String, ResourceName> names = new HashMap<>();

    private final Map<String, ItemRefusal> refused = new TreeMap<>();
    private final Map<ResourceName, EnvoyResource> upserts = new TreeMap<>();
    private final Set<ResourceName> removes = new TreeSet<>();
    private boolean inSync;
    private boolean published;

    /** Takes a change, as {@link AdsServer#publish}. */
    @FunctionalInterface
    public interface Publisher {
        void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes);
    }

    public EnvoyManager(Publisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public String name() {
        return "envoy";
    }

    @Override
    public Priority priority() {
        return Priority.REST;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.RESOURCES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        if (change.feed() == Table.RESOURCES.feed()) {
            inSync = change.inSync();
            change.removes(Table.RESOURCES).forEach(this::remove);
            change.upserts(Table.RESOURCES).forEach(this::set);
        }
    }

    @Override
    public Applied apply(Slice slice) {
        if (inSync && (!published || !upserts.isEmpty() || !removes.isEmpty())) {
            publisher.publish(List.copyOf(upserts.values()), List.copyOf(removes));
            upserts.clear();
            removes.clear();
            published = true;
        }
        return Applied.done(List.copyOf(refused.values()));
    }

    private void set(String key, dev.kumo.contract.envoy.v1.EnvoyResource item) {
        refused.remove(key);
        var body = item.getResource();
        var type = ResourceType.of(body.getTypeUrl());
        if (type.isEmpty()) {
            refuse(key, Reason.UNSUPPORTED, "not a type that Envoy is served: " + body.getTypeUrl());
            return;
        }
        try {
            var resource = EnvoyResource.of(new ResourceName(type.get(), item.getName()), body);
            names.put(key, resource.name());
            removes.remove(resource.name());
            upserts.put(resource.name(), resource);
        } catch (IllegalArgumentException e) {
            refuse(key, Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private void remove(String key) {
        refused.remove(key);
        var name = names.remove(key);
        if (name != null) {
            upserts.remove(name);
            removes.add(name);
        }
    }

    private void refuse(String key, Reason reason, String message) {
        refused.put(key, new ItemRefusal(Table.RESOURCES.item(key), reason, message));
    }
}
