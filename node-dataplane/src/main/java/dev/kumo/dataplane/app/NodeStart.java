// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.BpfException;
import dev.kumo.dataplane.endpoint.EndpointException;
import dev.kumo.dataplane.feed.FeedGate;
import dev.kumo.dataplane.link.LinkException;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Backoff;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.state.StateFileException;
import dev.kumo.stream.Reason;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Brings the node up on a thread of its own: waits for its own Node item, builds the datapath, lets the feeds in, and once
 * what they have said so far is in the maps occupies the hooks. A step that fails is tried again until it succeeds; readiness
 * says which one it is.
 */
final class NodeStart {
    private static final Logger LOG = Logger.getLogger(NodeStart.class);

    private final ApplyLoop loop;
    private final FeedGate gate;
    private final NodeReadiness readiness;
    private final Steps steps;

    /** What is done, in this order. A step that fails is called again. */
    interface Steps {
        /** Loads or adopts the datapath. On the apply loop. */
        void build(LocalNode node) throws Exception;

        /** Registers the managers; what the feeds have said so far is handed to them next. */
        void register();

        /** Takes over the pods of an earlier run. Not on the apply loop, since it waits for that. */
        void restore();

        /** Occupies the hooks; the maps hold what is known. On the apply loop. */
        void attach();

        /** Serves CNI and reports. */
        void serve() throws Exception;
    }

    NodeStart(ApplyLoop loop, FeedGate gate, NodeReadiness readiness, Steps steps) {
        this.loop = loop;
        this.gate = gate;
        this.readiness = readiness;
        this.steps = steps;
    }

    void begin() {
        Thread.ofPlatform().name("node-start").daemon(true).start(this::run);
    }

    private void run() {
        try {
            var node = gate.awaitOwnNode();
            LOG.infof("node=%s address=%s pod_range=%s", node.name(), node.address(), node.podRange());
            untilDone("build the datapath", this::build);
            steps.register();
            gate.open(loop::deliver).toCompletableFuture().join();
            untilDone("take over running pods", steps::restore);
            untilDone("occupy the hooks", () -> onLoop(steps::attach));
            untilDone("serve", steps::serve);
            readiness.started();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** With the own Node as it is by now: if the stored one is wrong, the feed brings the right one after a refusal. */
    private void build() throws InterruptedException {
        var node = gate.awaitOwnNode();
        try {
            onLoop(() -> steps.build(node));
        } catch (CompletionException e) {
            gate.refuse(
                    Reason.NODE_NOT_READY,
                    "the datapath could not be built: " + causeOf(e).getMessage());
            throw e;
        }
    }

    private void onLoop(Step step) {
        loop.run(Priority.WITHDRAWAL, () -> {
                    step.run();
                    return true;
                })
                .toCompletableFuture()
                .join();
    }

    private void untilDone(String what, Step step) throws InterruptedException {
        readiness.starting(new NodeProblem(Reason.NODE_NOT_READY, "starting: " + what));
        for (var failures = 1; ; failures++) {
            try {
                step.run();
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                var cause = causeOf(e);
                LOG.errorf(cause, "could not %s; tried again", what);
                readiness.starting(new NodeProblem(reasonOf(cause), "could not " + what + ": " + cause.getMessage()));
                Thread.sleep(Backoff.STANDARD.after(failures));
            }
        }
    }

    private static Throwable causeOf(Exception e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    private static Reason reasonOf(Throwable cause) {
        return switch (cause) {
            case BpfException bpf -> bpf.reason();
            case LinkException link -> link.reason();
            case StateFileException file -> file.reason();
            case EndpointException endpoint -> endpoint.reason();
            default -> Reason.KERNEL_ERROR;
        };
    }
}
