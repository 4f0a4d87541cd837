// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.Ack;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.Credential;
import dev.kumo.contract.feed.v1.Hello;
import dev.kumo.contract.feed.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The node side of a subscription, bytes in the test's own hands. */
public final class RawNode extends ClientCall.Listener<byte[]> implements AutoCloseable {
    public final BlockingQueue<Batch> batches = new LinkedBlockingQueue<>();
    public final CompletableFuture<Reason> ended = new CompletableFuture<>();
    public volatile Status status;

    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;

    public RawNode(TestReplica replica, TestCa ca, String token) throws SSLException {
        var tls = GrpcSslContexts.configure(
                        GrpcSslContexts.forClient().trustManager(new ByteArrayInputStream(ca.pem())), SslProvider.JDK)
                .build();
        channel = NettyChannelBuilder.forAddress(replica.address())
                .overrideAuthority(FeedMethods.POLICY.authority())
                .sslContext(tls)
                .build();
        call = channel.newCall(
                FeedMethods.POLICY.subscribe().toBuilder(RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                        .build(),
                CallOptions.DEFAULT);
        var headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        call.start(this, headers);
    }

    public void hello(String node) {
        hello(Hello.newBuilder().setNode(node));
    }

    public void hello(Hello.Builder hello) {
        send(SubscribeRequest.newBuilder()
                .setHello(hello.setProtocol(FeedMethods.PROTOCOL))
                .build()
                .toByteArray());
    }

    public void ack(Batch batch) {
        ack(Ack.newBuilder().setSequence(batch.getSequence()));
    }

    public void ack(Ack.Builder ack) {
        send(SubscribeRequest.newBuilder().setAck(ack).build().toByteArray());
    }

    public void credential(String token) {
        send(SubscribeRequest.newBuilder()
                .setCredential(Credential.newBuilder().setToken(token))
                .build()
                .toByteArray());
    }

    public void send(byte[] message) {
        call.sendMessage(message);
    }

    /** Takes messages off the wire; without it the node is a slow consumer. */
    public void request(int messages) {
        call.request(messages);
    }

    /** The next batch, asked for and waited for. */
    public Batch next() {
        call.request(1);
        await().until(() -> !batches.isEmpty() || ended.isDone());
        var batch = batches.poll();
        assertThat(batch).as("a batch, ended: %s", status).isNotNull();
        return batch;
    }

    public Reason reason() throws Exception {
        call.request(1);
        return ended.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onMessage(byte[] message) {
        try {
            batches.add(Batch.parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        this.status = status;
        ended.complete(ReasonStatus.reason(status, trailers));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
