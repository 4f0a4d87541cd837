// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.kumo.dataplane.state.StateFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The node's pod interfaces, on disk: what is here is what a restarted process adopts or undoes. A change is on disk when the
 * call returns. Any thread; changes block for a write to disk.
 */
public final class Endpoints {
    private final StateFile<List<PodEndpoint>> file;
    private SortedMap<Attachment, PodEndpoint> entries;

    private Endpoints(StateFile<List<PodEndpoint>> file, List<PodEndpoint> entries) {
        this.file = file;
        this.entries = new TreeMap<>();
        entries.forEach(endpoint -> this.entries.put(endpoint.attachment(), endpoint));
    }

    /** A file that cannot be read is set aside; {@link EndpointRestore} finds again what can be found. */
    public static Endpoints open(Path path) {
        var file = new StateFile<>(path, new TypeReference<List<PodEndpoint>>() {});
        return new Endpoints(file, file.readOrSetAside().orElse(List.of()));
    }

    public synchronized Optional<PodEndpoint> find(Attachment attachment) {
        return Optional.ofNullable(entries.get(attachment));
    }

    /** Sorted by sandbox and interface. */
    public synchronized List<PodEndpoint> all() {
        return List.copyOf(entries.values());
    }

    /** A pod's interfaces; more than one while an old sandbox makes room for a new one. */
    public synchronized List<PodEndpoint> ofPod(String uid) {
        return entries.values().stream()
                .filter(endpoint -> endpoint.pod().uid().equals(uid))
                .toList();
    }

    synchronized void put(PodEndpoint endpoint) {
        var next = new TreeMap<>(entries);
        next.put(endpoint.attachment(), endpoint);
        save(next);
    }

    /** Takes over the security of those that are still there; one write for all. */
    synchronized void secure(List<PodEndpoint> changed) {
        var next = new TreeMap<>(entries);
        for (var endpoint : changed) {
            next.computeIfPresent(endpoint.attachment(), (_, old) -> old.secured(endpoint.security()));
        }
        if (!next.equals(entries)) {
            save(next);
        }
    }

    synchronized void remove(Attachment attachment) {
        var next = new TreeMap<>(entries);
        if (next.remove(attachment) != null) {
            save(next);
        }
    }

    private void save(SortedMap<Attachment, PodEndpoint> next) {
        file.write(List.copyOf(next.values()));
        entries = next;
    }
}
