// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.Credential;
import dev.kumo.contract.feed.v1.Refusal;
import dev.kumo.contract.feed.v1.ReportBatch;
import dev.kumo.contract.feed.v1.ReportHello;
import dev.kumo.contract.feed.v1.ReportRequest;
import dev.kumo.contract.feed.v1.ReportResponse;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The reports to one replica. One batch is on its way at a time; what changes meanwhile is a set of keys. What the replica
 * refuses is told again after a while: it may not have seen yet what it judges by. On the reports' thread.
 */
final class ReportStream implements ReplicaCall.Handler {
    private static final Logger LOG = Logger.getLogger(ReportStream.class);
    private static final int BATCH_BYTES = 256 * 1024;
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long MAX_RETRY_MILLIS = 5000;
    private static final long FIRST_PAUSE_MILLIS = 250;

    private final FeedConnection connection;
    private final InetSocketAddress address;
    private final ScheduledExecutorService thread;
    private final ReportSender sender;
    private final ReportListener listener;
    private final Backoff backoff = new Backoff(FIRST_PAUSE_MILLIS, MAX_RETRY_MILLIS, RandomGenerator.getDefault());
    private final Set<ItemKey> dirty = new LinkedHashSet<>();
    private final Map<ItemKey, Long> told = new HashMap<>();
    private final Map<ItemKey, Backoff> retries = new HashMap<>();
    private @Nullable ReplicaCall call;
    private @Nullable Reason lastEnd;
    private long dueNanos = System.nanoTime();
    private long sequence;
    private boolean waiting;
    private boolean inSync;
    private boolean closed;

    ReportStream(
            FeedConnection connection,
            InetSocketAddress address,
            ScheduledExecutorService thread,
            ReportSender sender,
            ReportListener listener) {
        this.connection = connection;
        this.address = address;
        this.thread = thread;
        this.sender = sender;
        this.listener = listener;
    }

    boolean isIdle() {
        return call == null;
    }

    void retryNow() {
        dueNanos = System.nanoTime();
    }

    void openIfDue() {
        if (call != null || closed || System.nanoTime() - dueNanos < 0) {
            return;
        }
        dirty.clear();
        dirty.addAll(sender.items().keySet());
        told.clear();
        retries.clear();
        sequence = 0;
        waiting = false;
        inSync = false;
        call = new ReplicaCall(connection, address, thread, this, ReportStream::credential);
        var hello = ReportHello.newBuilder().setNode(connection.node()).setProtocol(FeedMethods.PROTOCOL);
        call.open(
                connection.methods().report(),
                ReportRequest.newBuilder().setHello(hello).build());
        flush();
    }

    void close() {
        closed = true;
        if (call != null) {
            call.cancel();
        }
    }

    void changed(ItemKey key) {
        retries.remove(key);
        dirty.add(key);
        flush();
    }

    @Override
    public void message(byte[] bytes) {
        try {
            answered(ReportResponse.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            if (call != null) {
                call.leave(Reason.MALFORMED, String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public void ended(Reason reason, String message) {
        call = null;
        if (reason != lastEnd) {
            LOG.infof("reports of feed %s to %s: %s %s", connection.methods().feed(), address, reason, message);
        }
        lastEnd = reason;
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.nextMillis());
    }

    private void answered(ReportResponse response) {
        if (!waiting || response.getSequence() != sequence) {
            throw new IllegalArgumentException("an answer to batch " + response.getSequence() + " that is not due");
        }
        waiting = false;
        lastEnd = null;
        backoff.reset();
        response.getRefusalsList().forEach(this::refused);
        flush();
        if (call != null) {
            call.request();
        }
    }

    private void refused(Refusal refusal) {
        var key = ItemKey.of(refusal.getItem());
        told.remove(key);
        listener.refused(address, ItemRefusal.of(refusal));
        var retry = retries.computeIfAbsent(
                key, _ -> new Backoff(FIRST_RETRY_MILLIS, MAX_RETRY_MILLIS, RandomGenerator.getDefault()));
        thread.schedule(
                () -> {
                    if (retries.get(key) == retry) {
                        dirty.add(key);
                        flush();
                    }
                },
                retry.nextMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void flush() {
        if (call == null || waiting) {
            return;
        }
        var batch = ReportBatch.newBuilder();
        var size = 0;
        for (var keys = dirty.iterator(); keys.hasNext() && size < BATCH_BYTES; ) {
            var key = keys.next();
            keys.remove();
            var item = sender.items().get(key);
            if (item == null) {
                if (told.remove(key) != null) {
                    batch.addRemoves(key.toRef());
                }
            } else if (!Long.valueOf(item.hash()).equals(told.put(key, item.hash()))) {
                batch.addUpserts(item.toProto());
                size += item.value().size();
            }
        }
        batch.setInSync(!inSync && dirty.isEmpty());
        if (batch.getUpsertsCount() > 0 || batch.getRemovesCount() > 0 || batch.getInSync()) {
            inSync |= batch.getInSync();
            waiting = true;
            call.send(ReportRequest.newBuilder()
                    .setBatch(batch.setSequence(++sequence))
                    .build());
        }
    }

    private static ReportRequest credential(String token) {
        return ReportRequest.newBuilder()
                .setCredential(Credential.newBuilder().setToken(token))
                .build();
    }
}
