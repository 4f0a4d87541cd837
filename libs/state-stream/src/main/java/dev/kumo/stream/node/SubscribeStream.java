// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.Ack;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.BatchRefusal;
import dev.kumo.contract.feed.v1.Credential;
import dev.kumo.contract.feed.v1.Hello;
import dev.kumo.contract.feed.v1.SubscribeRequest;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One subscription to one replica: takes a batch, applies it, acknowledges it, takes the next. On the feed's thread. */
final class SubscribeStream implements ReplicaCall.Handler {
    /** A stream that lasted this long in sync was a good one: the next attempt needs no pause. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    private final FeedConnection connection;
    private final Applier applier;
    private final FeedSubscriber owner;
    private final ReplicaCall call;
    private boolean acceptOlder;
    private boolean applying;
    private boolean inSync;
    private long inSyncNanos;
    private @Nullable Runnable end;

    SubscribeStream(
            FeedConnection connection,
            InetSocketAddress address,
            ScheduledExecutorService thread,
            Applier applier,
            FeedSubscriber owner) {
        this.connection = connection;
        this.applier = applier;
        this.owner = owner;
        this.call = new ReplicaCall(connection, address, thread, this, SubscribeStream::credential);
    }

    void open(boolean takeOlder) {
        acceptOlder = takeOlder;
        var hello = Hello.newBuilder()
                .setNode(connection.node())
                .setProtocol(FeedMethods.PROTOCOL)
                .setAcceptOlder(takeOlder)
                .addAllHeld(applier.held())
                .putAllAppliedVersions(applier.appliedVersions());
        call.open(
                connection.methods().subscribe(),
                SubscribeRequest.newBuilder().setHello(hello).build());
    }

    void cancel() {
        call.cancel();
    }

    @Override
    public void message(byte[] bytes) {
        var sequence = 0L;
        try {
            var batch = Batch.parseFrom(bytes);
            sequence = batch.getSequence();
            take(batch);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            refuse(sequence, BatchRefusal.BATCH_REFUSAL_MALFORMED);
            call.leave(Reason.MALFORMED, "batch " + sequence + ": " + e.getMessage());
        }
    }

    /** Not before the batch in hand is applied: the next hello must tell what is held. */
    @Override
    public void ended(Reason reason, String message) {
        var stable = inSync && System.nanoTime() - inSyncNanos > STABLE.toNanos();
        end = () -> owner.ended(reason, message, stable);
        if (!applying) {
            end.run();
        }
    }

    private void take(Batch batch) {
        var upserts = batch.getUpsertsList().stream().map(StateItem::received).toList();
        var removes = batch.getRemovesList().stream().map(ItemKey::of).toList();
        var stale = staleSource(batch);
        if (stale != null) {
            refuse(batch.getSequence(), BatchRefusal.BATCH_REFUSAL_STALE_REPLICA);
            call.leave(Reason.STALE_REPLICA, "replica " + batch.getReplica() + " is behind in " + stale);
            return;
        }
        applying = true;
        applier.apply(
                applier.changeOf(upserts, removes, batch.getInSync()),
                batch.getResourceVersionsMap(),
                refusals -> applied(batch, refusals));
    }

    private void applied(Batch batch, List<ItemRefusal> refusals) {
        applying = false;
        if (end != null) {
            end.run();
            return;
        }
        if (batch.getInSync() && !inSync) {
            inSync = true;
            inSyncNanos = System.nanoTime();
            acceptOlder = false;
        }
        var ack = Ack.newBuilder().setSequence(batch.getSequence());
        refusals.forEach(refusal -> ack.addRefusals(refusal.toProto()));
        call.send(SubscribeRequest.newBuilder().setAck(ack).build());
        owner.served(call.address(), batch.getReplica(), batch.getInSync());
        call.request();
    }

    /** @return a source of which this node has applied more than the batch reflects; null if there is none */
    private @Nullable String staleSource(Batch batch) {
        if (acceptOlder) {
            return null;
        }
        var applied = applier.appliedVersions();
        return batch.getResourceVersionsMap().entrySet().stream()
                .filter(source -> source.getValue() < applied.getOrDefault(source.getKey(), 0L))
                .map(source -> source.getKey())
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private void refuse(long sequence, BatchRefusal refusal) {
        var ack = Ack.newBuilder().setSequence(sequence).setBatchRefusal(refusal);
        call.send(SubscribeRequest.newBuilder().setAck(ack).build());
    }

    private static SubscribeRequest credential(String token) {
        return SubscribeRequest.newBuilder()
                .setCredential(Credential.newBuilder().setToken(token))
                .build();
    }
}
