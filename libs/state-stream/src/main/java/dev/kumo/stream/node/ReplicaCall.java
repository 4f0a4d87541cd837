// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import com.google.protobuf.MessageLite;
import dev.kumo.stream.RawMarshaller;
import dev.kumo.stream.Reason;
import dev.kumo.stream.ReasonStatus;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one replica, with a connection of its own. Everything runs on the thread given, which is one only; no
 * message is taken before it is asked for.
 */
final class ReplicaCall extends ClientCall.Listener<byte[]> {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int RENEWAL_SECONDS = 10;
    private static final int LEAVE_SECONDS = 1;

    private final FeedConnection connection;
    private final InetSocketAddress address;
    private final ScheduledExecutorService thread;
    private final Handler handler;
    private final Function<String, MessageLite> credential;
    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<byte[], byte[]> call;
    private @Nullable Future<?> renewal;
    private String token = "";
    private @Nullable Reason leaving;
    private String leavingMessage = "";
    private boolean ended;

    /** What a stream is about. */
    interface Handler {
        void message(byte[] bytes);

        /** Called once. */
        void ended(Reason reason, String message);
    }

    /** @param credential the stream's own message for a fresh token */
    ReplicaCall(
            FeedConnection connection,
            InetSocketAddress address,
            ScheduledExecutorService thread,
            Handler handler,
            Function<String, MessageLite> credential) {
        this.connection = connection;
        this.address = address;
        this.thread = thread;
        this.handler = handler;
        this.credential = credential;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Dials and sends the first message; what can't even be tried ends the stream like any other failure. */
    void open(MethodDescriptor<?, ?> method, MessageLite hello) {
        try {
            token = connection.credentials().token();
        } catch (IOException e) {
            end(Reason.NO_CREDENTIAL, "the token can't be read: " + e);
            return;
        }
        try {
            channel = ReplicaChannel.open(connection, address, thread);
        } catch (IOException | IllegalArgumentException e) {
            end(Reason.UNTRUSTED_SERVER, "the authorities' certificates can't be read: " + e);
            return;
        }
        call = channel.newCall(
                method.toBuilder(RawMarshaller.INSTANCE, RawMarshaller.INSTANCE).build(), CallOptions.DEFAULT);
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        call.start(this, headers);
        call.sendMessage(hello.toByteArray());
        call.request(1);
        renewal = thread.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
    }

    void send(MessageLite message) {
        if (call != null && !ended && leaving == null) {
            call.sendMessage(message.toByteArray());
        }
    }

    /** Takes one more message when it comes. */
    void request() {
        if (call != null && leaving == null) {
            call.request(1);
        }
    }

    /** Ends the stream after what was sent; {@code reason} is then why, whatever the replica says. */
    void leave(Reason reason, String message) {
        if (call == null || ended || leaving != null) {
            return;
        }
        leaving = reason;
        leavingMessage = message;
        call.halfClose();
        thread.schedule(this::cancel, LEAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the stream and its connection at once. */
    void cancel() {
        if (call != null && !ended) {
            call.cancel("the node ends the stream", null);
            end(leaving == null ? Reason.DISCONNECTED : leaving, leavingMessage);
        }
    }

    @Override
    public void onMessage(byte[] message) {
        if (leaving == null && !ended) {
            handler.message(message);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (leaving != null) {
            end(leaving, leavingMessage);
        } else {
            var said = status.getDescription() == null ? status.getCode().name() : status.getDescription();
            var cause = rootCause(status.getCause());
            end(ReasonStatus.reason(status, trailers), cause == null ? said : said + ": " + cause);
        }
    }

    /** The kubelet replaces a projected token at four fifths of its life; the replica needs the fresh one in time. */
    private void renew() {
        try {
            var fresh = connection.credentials().token();
            if (!fresh.equals(token)) {
                token = fresh;
                send(credential.apply(fresh));
            }
        } catch (IOException _) {
            // The token in use stays good until it expires; the next look may succeed.
        }
    }

    private void end(Reason reason, String message) {
        if (ended) {
            return;
        }
        ended = true;
        if (renewal != null) {
            renewal.cancel(false);
        }
        if (channel != null) {
            channel.shutdownNow();
        }
        handler.ended(reason, message);
    }

    private static @Nullable Throwable rootCause(@Nullable Throwable failure) {
        var root = failure;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
