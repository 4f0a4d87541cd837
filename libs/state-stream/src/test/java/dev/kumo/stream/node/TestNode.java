// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.TestCa;
import dev.kumo.stream.TestReplica;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** A node that makes desired state true in a map, and fails if it is told anything twice or two things at once. */
final class TestNode implements FeedListener, AutoCloseable {
    final Map<ItemKey, StateItem> kernel = Collections.synchronizedMap(new TreeMap<>());
    final List<FeedChange> changes = new CopyOnWriteArrayList<>();
    final List<String> faults = new CopyOnWriteArrayList<>();
    final Set<ItemKey> refusing = ConcurrentHashMap.newKeySet();
    final List<InetSocketAddress> replicas = new CopyOnWriteArrayList<>();
    final AtomicInteger tokensRead = new AtomicInteger();
    volatile String token;
    volatile byte[] authorities;
    volatile Executor executor = ForkJoinPool.commonPool();

    private final String name;
    private final Path file;
    private FeedSubscriber subscriber;
    private boolean busy;

    TestNode(String name, Path file, TestCa ca) {
        this.name = name;
        this.file = file;
        this.token = "token-" + name;
        this.authorities = ca.pem();
    }

    TestNode dialling(TestReplica... dialled) {
        replicas.clear();
        for (var replica : dialled) {
            replicas.add(replica.address());
        }
        return this;
    }

    TestNode start() {
        kernel.clear();
        subscriber = new FeedSubscriber(connection(), DesiredStore.open(file, TestNode::isSensitive), this);
        subscriber.start();
        return this;
    }

    FeedConnection connection() {
        return FeedConnection.of(FeedMethods.POLICY, name, () -> List.copyOf(replicas), new FeedCredentials() {
            @Override
            public byte[] authorities() {
                return authorities;
            }

            @Override
            public String token() {
                tokensRead.incrementAndGet();
                return token;
            }
        });
    }

    FeedSubscriber subscriber() {
        return subscriber;
    }

    boolean isInSync() {
        return subscriber.status().inSync();
    }

    Reason lastError() {
        return subscriber.status().lastError();
    }

    static boolean isSensitive(StateItem item) {
        return item.key().table().equals("secrets");
    }

    @Override
    public CompletionStage<List<ItemRefusal>> apply(FeedChange change) {
        check(!busy, "a change came before the last one was in force");
        busy = true;
        changes.add(change);
        return CompletableFuture.supplyAsync(
                () -> {
                    var refusals = new ArrayList<ItemRefusal>();
                    change.upserts().forEach(item -> upsert(item, refusals));
                    change.removes().forEach(key -> check(kernel.remove(key) != null, "removed twice: " + key));
                    busy = false;
                    return refusals;
                },
                executor);
    }

    private void upsert(StateItem item, List<ItemRefusal> refusals) {
        if (refusing.contains(item.key())) {
            refusals.add(new ItemRefusal(item.key(), Reason.MAP_FULL, "no room"));
        } else {
            check(!item.equals(kernel.put(item.key(), item)), "told twice: " + item.key());
        }
    }

    private void check(boolean good, String fault) {
        if (!good) {
            faults.add(fault);
        }
    }

    @Override
    public void close() {
        if (subscriber != null) {
            subscriber.close();
        }
    }
}
