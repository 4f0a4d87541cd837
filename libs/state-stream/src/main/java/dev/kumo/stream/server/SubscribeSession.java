// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.Ack;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.BatchRefusal;
import dev.kumo.contract.feed.v1.Hello;
import dev.kumo.contract.feed.v1.SubscribeRequest;
import dev.kumo.stream.AckSession;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import dev.kumo.stream.SentBatch;
import dev.kumo.stream.StateDelta;
import dev.kumo.stream.StatePublisher;
import dev.kumo.stream.StateSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of one Subscribe stream: the difference to what the node holds, then changes of what it is to hold. On
 * the call's sequence, but for {@link #changed}.
 */
final class SubscribeSession implements CallHandler, StatePublisher.Subscriber {
    /** A batch is closed once it has grown beyond this many bytes of content. */
    static final int BATCH_BYTES = 256 * 1024;

    /** Batches that may wait for acknowledgement: one being applied, one on its way. */
    static final int WINDOW = 2;

    private final NodeCall call;
    private final FeedState state;
    private final String replica;
    private final SessionRegistry sessions;
    private final StaleReplicaListener staleReplicas;
    private final DirtyKeys dirty = new DirtyKeys();
    private final Set<ItemKey> pending = new LinkedHashSet<>();
    private final AtomicBoolean flushPending = new AtomicBoolean();
    private StatePublisher.@Nullable Subscription subscription;
    private @Nullable AckSession acks;
    private Map<String, Long> appliedVersions = Map.of();
    private long sequence;
    private boolean inSyncSent;

    SubscribeSession(
            NodeCall call,
            FeedState state,
            String replica,
            SessionRegistry sessions,
            StaleReplicaListener staleReplicas) {
        this.call = call;
        this.state = state;
        this.replica = replica;
        this.sessions = sessions;
        this.staleReplicas = staleReplicas;
    }

    @Override
    public void message(byte[] bytes) throws InvalidProtocolBufferException {
        var request = SubscribeRequest.parseFrom(bytes);
        switch (request.getMessageCase()) {
            case HELLO -> hello(request.getHello());
            case ACK -> acknowledged(request.getAck());
            case CREDENTIAL -> call.renew(request.getCredential().getToken());
            case MESSAGE_NOT_SET -> throw new IllegalArgumentException("an empty message");
        }
    }

    @Override
    public void ready() {
        flush();
    }

    @Override
    public void closed() {
        if (subscription != null) {
            subscription.close();
        }
        if (acks != null) {
            sessions.remove(call.node(), call);
            state.acks().close(call.node(), acks);
        }
    }

    /** On the publishing thread. */
    @Override
    public void changed(StateDelta delta) {
        dirty.add(delta.keys());
        if (flushPending.compareAndSet(false, true)) {
            call.run(this::flush);
        }
    }

    private void hello(Hello hello) {
        if (acks != null) {
            throw new IllegalArgumentException("a second hello");
        }
        if (!hello.getNode().equals(call.node())) {
            call.close(Reason.WRONG_NODE, "node " + call.node() + " asks for the state of node " + hello.getNode());
            return;
        }
        if (hello.getProtocol() != FeedMethods.PROTOCOL) {
            call.close(Reason.UNSUPPORTED, "this replica speaks protocol " + FeedMethods.PROTOCOL);
            return;
        }
        // Before reading the snapshot: what changes in between is then seen twice rather than never.
        subscription = state.publisher().subscribe(this);
        var snapshot = state.publisher().current();
        if (snapshot == null) {
            call.close(Reason.NOT_SYNCED, "replica " + replica + " has nothing to serve yet");
            return;
        }
        appliedVersions = hello.getAppliedVersionsMap();
        var behind = behind(snapshot);
        if (!behind.isEmpty() && !hello.getAcceptOlder()) {
            closeStale(behind);
            return;
        }
        var held = new HashMap<ItemKey, Long>();
        hello.getHeldList().forEach(item -> held.put(new ItemKey(item.getTable(), item.getKey()), item.getHash()));
        acks = state.acks().open(call.node(), held);
        sessions.put(call.node(), call);
        dirty.add(snapshot.items().keySet());
        dirty.add(held.keySet().stream().sorted().toList());
        flush();
    }

    private void acknowledged(Ack ack) {
        if (acks == null) {
            throw new IllegalArgumentException("an acknowledgement before hello");
        }
        if (ack.getBatchRefusal() == BatchRefusal.BATCH_REFUSAL_STALE_REPLICA) {
            var snapshot = state.publisher().current();
            closeStale(snapshot == null ? Set.of() : snapshot.resourceVersions().keySet());
        } else if (ack.getBatchRefusal() != BatchRefusal.BATCH_REFUSAL_UNSPECIFIED) {
            call.close(Reason.MALFORMED, "the node could not read batch " + ack.getSequence());
        } else if (acks.acknowledged(ack.getSequence(), ack.getRefusalsList())) {
            flush();
        } else {
            throw new IllegalArgumentException("batch " + ack.getSequence() + " is not the one to acknowledge next");
        }
    }

    /** Sources of which the node has applied more than we have seen; one that we don't watch can't be compared. */
    private Set<String> behind(StateSnapshot snapshot) {
        var sources = new HashSet<String>();
        appliedVersions.forEach((source, version) -> {
            var ours = snapshot.resourceVersions().get(source);
            if (ours != null && ours < version) {
                sources.add(source);
            }
        });
        return sources;
    }

    private void closeStale(Set<String> sources) {
        sources.stream().sorted().forEach(staleReplicas::staleReplica);
        call.close(Reason.STALE_REPLICA, "the node has applied newer state than replica " + replica + " has seen");
    }

    private void flush() {
        flushPending.set(false);
        var node = acks;
        if (node == null) {
            return;
        }
        // In this order: of a key that is drained, an older snapshot would tell what is no longer so, and be the last
        // to do it.
        pending.addAll(dirty.drain());
        var snapshot = state.publisher().current();
        if (snapshot == null) {
            call.close(Reason.NOT_SYNCED, "replica " + replica + " serves no longer");
            return;
        }
        while (call.isReady() && node.outstanding() < WINDOW) {
            var batch = nextBatch(node, snapshot);
            if (batch.getUpsertsCount() == 0 && batch.getRemovesCount() == 0 && !batch.getInSync()) {
                return;
            }
            node.sending(SentBatch.of(batch));
            inSyncSent |= batch.getInSync();
            sequence = batch.getSequence();
            call.send(batch);
        }
    }

    private Batch nextBatch(AckSession node, StateSnapshot snapshot) {
        var batch = Batch.newBuilder()
                .setSequence(sequence + 1)
                .setReplica(replica)
                .putAllResourceVersions(snapshot.resourceVersions());
        var size = 0;
        for (var keys = pending.iterator(); keys.hasNext() && size < BATCH_BYTES; ) {
            var key = keys.next();
            keys.remove();
            var item = snapshot.items().get(key);
            var expected = node.expected(key);
            if (item != null && item.audience().includes(call.node())) {
                if (expected == null || expected != item.hash()) {
                    batch.addUpserts(item.toProto());
                    size += item.value().size() + key.toString().length();
                }
            } else if (expected != null) {
                batch.addRemoves(key.toRef());
                size += key.toString().length();
            }
        }
        return batch.setInSync(!inSyncSent && pending.isEmpty()).build();
    }
}
