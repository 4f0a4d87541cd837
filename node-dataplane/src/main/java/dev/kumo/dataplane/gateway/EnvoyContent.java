// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import com.google.protobuf.Any;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.Publisher;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that Envoy is told for gateway traffic: the feed's resources, and for each cluster of theirs that takes its endpoints by
 * ADS the endpoints of the Service that it names. What changes is published at once, what goes when {@link #remove} says so.
 * Apply-loop thread only.
 */
final class EnvoyContent {
    private final Publisher publisher;
    private final ServiceEndpoints endpoints = new ServiceEndpoints();
    private final Set<String> touched = new TreeSet<>();
    private final Map<String, EnvoyResource> assignments = new HashMap<>();
    private final Map<ResourceName, EnvoyResource> published = new TreeMap<>();
    private final Map<ResourceName, EnvoyResource> wanted = new TreeMap<>();
    private boolean spoke;

    EnvoyContent(Publisher publisher) {
        this.publisher = publisher;
    }

    /** Services and endpoints as the service feed has them. */
    void take(DesiredChange change) {
        touched.addAll(endpoints.take(change));
    }

    /** What the feed's resources are now. */
    void set(Collection<Told> resources) {
        wanted.clear();
        resources.stream()
                .flatMap(told -> told.resource().stream())
                .forEach(resource -> wanted.put(resource.name(), resource));
        addEndpoints();
        publish();
    }

    Optional<EnvoyResource> told(ResourceType type, String name) {
        return Optional.ofNullable(wanted.get(new ResourceName(type, name)));
    }

    /** Listeners that Envoy was told of and that are not wanted any more. */
    Set<String> leaving() {
        var leaving = new TreeSet<String>();
        published.keySet().stream()
                .filter(name -> name.type() == ResourceType.LISTENER && !wanted.containsKey(name))
                .forEach(name -> leaving.add(name.name()));
        return leaving;
    }

    /** Tells of everything that is gone. */
    void remove() {
        var gone = new TreeSet<>(published.keySet());
        gone.removeAll(wanted.keySet());
        if (!gone.isEmpty()) {
            publisher.publish(List.of(), gone);
            published.keySet().removeAll(gone);
        }
    }

    /** Endpoints that a configuration brings itself go before the Service's. */
    private void addEndpoints() {
        var needed = new TreeSet<String>();
        for (var resource : List.copyOf(wanted.values())) {
            if (!resource.endpoints().isEmpty()) {
                needed.add(resource.endpoints());
            }
        }
        assignments.keySet().retainAll(needed);
        assignments.keySet().removeIf(name -> touched.contains(ServiceEndpoints.serviceOf(name)));
        touched.clear();
        for (var name : needed) {
            var assignment = assignments.computeIfAbsent(
                    name,
                    _ -> EnvoyResource.of(
                            new ResourceName(ResourceType.ENDPOINTS, name), Any.pack(endpoints.of(name))));
            wanted.putIfAbsent(assignment.name(), assignment);
        }
    }

    private void publish() {
        var news = wanted.values().stream()
                .filter(resource -> !resource.equals(published.get(resource.name())))
                .toList();
        if (!spoke || !news.isEmpty()) {
            publisher.publish(news, List.of());
            news.forEach(resource -> published.put(resource.name(), resource));
            spoke = true;
        }
    }
}
