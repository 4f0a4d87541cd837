// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.jna.NetworkNamespace;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one platform thread that enters pods' network namespaces, for one task at a time, and comes back after each. A virtual
 * thread would leave its carrier there; so would a pool's thread that other work then runs on.
 */
final class NetnsThread implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NetnsThread.class);
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");
    private static final int ENOENT = 2;
    private static final int EINVAL = 22;
    private static final int LOST = 70;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("netns").daemon().unstarted(task));

    /** A namespace's descriptor, open. */
    record Namespace(int fd) implements AutoCloseable {
        /** @throws LinkException NETNS_GONE if the file isn't there */
        static Namespace open(Path file) {
            int fd = NetworkNamespace.open(file);
            if (fd == -ENOENT) {
                throw new LinkException(Reason.NETNS_GONE, "network namespace " + file + " is gone");
            }
            if (fd < 0) {
                throw new LinkException("open network namespace " + file, -fd, "");
            }
            return new Namespace(fd);
        }

        @Override
        public void close() {
            NetworkNamespace.close(fd);
        }
    }

    /**
     * Runs a task with the namespace as its own: sockets and /proc/sys/net are that namespace's.
     *
     * @throws LinkException NETNS_GONE if the descriptor is of a plain file, as a namespace's is once it is unmounted
     */
    <T> T call(Namespace namespace, Supplier<T> task) {
        try {
            return thread.submit(() -> inside(namespace, task)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkException(Reason.KERNEL_ERROR, "interrupted while in a network namespace");
        }
    }

    private static <T> T inside(Namespace namespace, Supplier<T> task) {
        try (var home = Namespace.open(OWN)) {
            int entered = NetworkNamespace.enter(namespace.fd());
            if (entered == -EINVAL) {
                throw new LinkException(Reason.NETNS_GONE, "the file stands for no network namespace any more");
            }
            if (entered < 0) {
                throw new LinkException("enter network namespace", -entered, "");
            }
            try {
                return task.get();
            } finally {
                if (NetworkNamespace.enter(home.fd()) < 0) {
                    // Anything this thread or a child of it did from here on would hit a pod. The datapath goes on
                    // without us.
                    LOG.fatal("cannot return from a pod's network namespace");
                    Runtime.getRuntime().halt(LOST);
                }
            }
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
