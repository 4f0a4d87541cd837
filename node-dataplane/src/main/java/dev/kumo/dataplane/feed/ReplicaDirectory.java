// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.kumo.dataplane.state.StateFile;
import dev.kumo.dataplane.state.StateFileException;
import dev.kumo.stream.FeedMethods;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * Where the feeds' replicas are: as the API server last told, and before it does, as the disk remembers. A feed that the API
 * server knows no replica of keeps its last ones, which cost nothing but attempts. Any thread.
 */
public final class ReplicaDirectory {
    private static final Logger LOG = Logger.getLogger(ReplicaDirectory.class);

    private final StateFile<SortedMap<String, List<String>>> file;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Addresses without port, by feed; replaced as a whole. */
    private volatile Map<FeedMethods, List<InetAddress>> replicas;

    private ReplicaDirectory(StateFile<SortedMap<String, List<String>>> file) {
        this.file = file;
        this.replicas = read(file);
    }

    /** @param path such as {@code /var/lib/kumo/replicas.json} */
    public static ReplicaDirectory open(Path path) {
        return new ReplicaDirectory(new StateFile<>(path, new TypeReference<SortedMap<String, List<String>>>() {}));
    }

    public List<InetSocketAddress> of(FeedMethods feed) {
        return replicas.getOrDefault(feed, List.of()).stream()
                .map(address -> new InetSocketAddress(address, feed.port()))
                .toList();
    }

    /** Told after each change, on the thread that brought it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** What the API server says now; blocks for a write to disk if that is news. */
    public synchronized void update(Map<FeedMethods, ? extends Collection<InetAddress>> told) {
        var next = new EnumMap<FeedMethods, List<InetAddress>>(FeedMethods.class);
        next.putAll(replicas);
        told.forEach((feed, addresses) -> {
            if (!addresses.isEmpty()) {
                next.put(feed, List.copyOf(addresses));
            }
        });
        if (next.equals(replicas)) {
            return;
        }
        replicas = next;
        LOG.infof("replicas: %s", text(next));
        try {
            file.write(text(next));
        } catch (StateFileException e) {
            LOG.warnf("reason=%s: %s", e.reason(), e.getMessage());
        }
        listeners.forEach(Runnable::run);
    }

    private static SortedMap<String, List<String>> text(Map<FeedMethods, List<InetAddress>> replicas) {
        var text = new TreeMap<String, List<String>>();
        replicas.forEach((feed, addresses) -> text.put(
                feed.feed(), addresses.stream().map(InetAddress::getHostAddress).toList()));
        return text;
    }

    private static Map<FeedMethods, List<InetAddress>> read(StateFile<SortedMap<String, List<String>>> file) {
        var replicas = new EnumMap<FeedMethods, List<InetAddress>>(FeedMethods.class);
        try {
            var text = file.read().orElseGet(TreeMap::new);
            for (var feed : FeedMethods.values()) {
                var addresses = text.get(feed.feed());
                if (addresses != null) {
                    replicas.put(
                            feed, addresses.stream().map(InetAddress::ofLiteral).toList());
                }
            }
        } catch (StateFileException e) {
            LOG.warnf("reason=%s: %s", e.reason(), e.getMessage());
        } catch (IllegalArgumentException e) {
            LOG.warnf("%s: %s", file.path(), e.getMessage());
        }
        return replicas;
    }
}
