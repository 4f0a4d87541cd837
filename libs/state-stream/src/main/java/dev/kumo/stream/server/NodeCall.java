// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kumo.stream.Authentication;
import dev.kumo.stream.FeedAuthenticator;
import dev.kumo.stream.Reason;
import dev.kumo.stream.ReasonStatus;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a node, from its token to its end. Nothing is read before the token is known to be good, and nothing is
 * decoded on the event loop: everything runs on one sequential executor, in the order in which it happened.
 */
final class NodeCall extends ServerCall.Listener<byte[]> {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Logger LOG = Logger.getLogger(NodeCall.class);
    private static final String BEARER = "Bearer ";

    private final ServerCall<byte[], byte[]> call;
    private final FeedAuthenticator authenticator;
    private final ScheduledExecutorService timer;
    private final Executor sequence;
    private final Consumer<NodeCall> ended;
    private @Nullable CallHandler handler;
    private @Nullable Future<?> expiry;
    private String node = "";
    private boolean closed;

    NodeCall(
            ServerCall<byte[], byte[]> call,
            FeedAuthenticator authenticator,
            ScheduledExecutorService timer,
            Consumer<NodeCall> ended) {
        this.call = call;
        this.authenticator = authenticator;
        this.timer = timer;
        this.ended = ended;
        this.sequence = MoreExecutors.newSequentialExecutor(timer);
    }

    /** Admits the caller or closes the call with the reason why not. */
    void open(Metadata headers, Function<NodeCall, CallHandler> handlers) {
        var authorization = headers.get(AUTHORIZATION);
        if (authorization == null || !authorization.startsWith(BEARER)) {
            run(() -> close(Reason.NO_CREDENTIAL, "the call carries no bearer token"));
            return;
        }
        authenticate(authorization.substring(BEARER.length()), answer -> {
            if (answer instanceof Authentication.Node caller) {
                node = caller.node();
                expireAt(caller.expiry());
                handler = handlers.apply(this);
                call.sendHeaders(new Metadata());
                call.request(1);
            }
        });
    }

    /** The node that the caller's token belongs to. */
    String node() {
        return node;
    }

    /** Runs the step after all earlier ones; a step that fails ends this call and no other. */
    void run(Step step) {
        try {
            sequence.execute(() -> runNow(step));
        } catch (RejectedExecutionException _) {
            LOG.debugf("node %s: came after the server had stopped", node);
        }
    }

    private void runNow(Step step) {
        if (closed) {
            return;
        }
        try {
            step.run();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.debugf(e, "node %s: malformed message", node);
            close(Reason.MALFORMED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.errorf(e, "node %s: call failed", node);
            close(Reason.DISCONNECTED, "the replica failed at it, see its log");
        }
    }

    /** One step of the call. */
    @FunctionalInterface
    interface Step {
        void run() throws InvalidProtocolBufferException;
    }

    boolean isReady() {
        return call.isReady();
    }

    void send(MessageLite message) {
        call.sendMessage(message.toByteArray());
    }

    /** A fresh token for the same node prolongs the call; an unanswered review leaves it as it was. */
    void renew(String token) {
        authenticate(token, answer -> {
            if (answer instanceof Authentication.Node caller) {
                if (caller.node().equals(node)) {
                    expireAt(caller.expiry());
                } else {
                    close(Reason.WRONG_NODE, "the fresh token belongs to node " + caller.node());
                }
            }
        });
    }

    void close(Reason reason, String message) {
        end(ReasonStatus.status(reason, message), ReasonStatus.trailers(reason));
    }

    @Override
    public void onMessage(byte[] message) {
        run(() -> {
            if (handler != null) {
                handler.message(message);
                call.request(1);
            }
        });
    }

    @Override
    public void onReady() {
        run(() -> {
            if (handler != null) {
                handler.ready();
            }
        });
    }

    @Override
    public void onHalfClose() {
        run(() -> end(Status.OK, new Metadata()));
    }

    @Override
    public void onCancel() {
        run(this::finish);
    }

    @Override
    public void onComplete() {
        run(this::finish);
    }

    private void authenticate(String token, Consumer<Authentication> accepted) {
        authenticator
                .authenticate(token)
                .whenComplete((answer, failure) -> run(() -> {
                    if (answer instanceof Authentication.Refused refused) {
                        if (node.isEmpty() || refused.reason() != Reason.REVIEW_UNAVAILABLE) {
                            close(refused.reason(), refused.message());
                        }
                    } else if (failure != null) {
                        throw new IllegalStateException("the authenticator failed", failure);
                    } else {
                        accepted.accept(answer);
                    }
                }));
    }

    private void expireAt(Instant end) {
        if (expiry != null) {
            expiry.cancel(false);
        }
        var left = Math.max(0, Duration.between(Instant.now(), end).toMillis());
        expiry = timer.schedule(
                () -> run(() -> close(Reason.TOKEN_EXPIRED, "the token ended at " + end + " and no fresh one came")),
                left,
                TimeUnit.MILLISECONDS);
    }

    private void end(Status status, Metadata trailers) {
        if (!closed) {
            call.close(status, trailers);
            finish();
        }
    }

    private void finish() {
        if (closed) {
            return;
        }
        closed = true;
        if (expiry != null) {
            expiry.cancel(false);
        }
        ended.accept(this);
        if (handler != null) {
            handler.closed();
        }
    }
}
