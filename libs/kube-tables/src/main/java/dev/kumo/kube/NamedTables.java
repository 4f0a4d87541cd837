// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Single objects that others name, such as Secrets: each is watched from when it is named until it no longer is, and nothing
 * else of its kind is ever read. {@link #follow} by one thread, the rest by any.
 */
public final class NamedTables<R extends HasMetadata, V> implements AutoCloseable {
    private final KubernetesClient client;
    private final Function<ObjectName, TableSource<R, V>> source;
    private final Runnable changed;
    private final SortedMap<ObjectName, KubeTable<V>> tables = new TreeMap<>();

    /**
     * @param source a table of just the object of that name
     * @param changed told after each change; must not block
     */
    public NamedTables(KubernetesClient client, Function<ObjectName, TableSource<R, V>> source, Runnable changed) {
        this.client = client;
        this.source = source;
        this.changed = changed;
    }

    /** @param names all that are named now */
    public synchronized void follow(Set<ObjectName> names) {
        tables.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        for (var name : names) {
            tables.computeIfAbsent(name, added -> {
                var table = new KubeTable<>(client, source.apply(added), changed);
                table.start();
                return table;
            });
        }
    }

    /** Names whose objects have not been looked for yet. */
    public synchronized SortedSet<ObjectName> waitingFor() {
        var waiting = new TreeSet<ObjectName>();
        tables.forEach((name, table) -> {
            if (!table.synced()) {
                waiting.add(name);
            }
        });
        return waiting;
    }

    /** What there is of those that are followed. */
    public synchronized Collection<V> rows() {
        return tables.values().stream()
                .flatMap(table -> table.rows().values().stream())
                .toList();
    }

    @Override
    public synchronized void close() {
        tables.values().forEach(KubeTable::close);
    }
}
