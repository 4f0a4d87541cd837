// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The node's Envoy as a child of this process, in place of a DaemonSet. It is started again whenever it ends, at once after a long
 * run and ever later after short ones; what it logs is logged here. It ends with this process: its listeners tell their clients to
 * go first. Platform thread {@code envoy-keeper}.
 */
public final class EmbeddedEnvoy implements AutoCloseable {
    /** How long connections have to end once the dataplane stops. */
    static final Duration DRAIN = Duration.ofSeconds(3);

    private static final Logger LOG = Logger.getLogger(EmbeddedEnvoy.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final String DRAIN_REQUEST =
            "POST /drain_listeners?graceful HTTP/1.1\r\nHost: admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private final Settings settings;
    private final RestartPauses pauses = new RestartPauses();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;
    private @Nullable Process child;

    /**
     * How it is started.
     *
     * @param bootstrap its configuration, which leads it to our ADS socket
     * @param admin the socket of its administration, as the bootstrap names it
     * @param confine takes from programs that the calling thread starts every right but those that Envoy needs
     */
    public record Settings(Path binary, Path bootstrap, Path admin, String node, Runnable confine) {}

    private EmbeddedEnvoy(Settings settings) {
        this.settings = settings;
        this.keeper = Thread.ofPlatform().name("envoy-keeper").daemon(true).unstarted(this::keep);
    }

    public static EmbeddedEnvoy start(Settings settings) {
        var envoy = new EmbeddedEnvoy(settings);
        envoy.keeper.start();
        return envoy;
    }

    /** Blocks until it has ended, five seconds at most and a kill. */
    @Override
    public void close() {
        closing.countDown();
        Process running;
        synchronized (this) {
            running = child;
        }
        try {
            if (running != null && running.isAlive()) {
                end(running);
            }
            keeper.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (running != null) {
                running.destroyForcibly();
            }
        }
    }

    private void end(Process running) throws InterruptedException {
        if (drain()) {
            running.waitFor(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
        // Not the process's own destroy(), which closes its log before the last words.
        running.toHandle().destroy();
        if (!running.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
            running.toHandle().destroyForcibly();
            running.waitFor();
        }
    }

    private void keep() {
        try {
            settings.confine().run();
        } catch (RuntimeException e) {
            LOG.error("Envoy isn't started: it would have more rights than it needs", e);
            return;
        }
        try {
            while (true) {
                long started = System.nanoTime();
                var end = run();
                if (closing.getCount() == 0) {
                    LOG.infof("Envoy %s", end);
                    return;
                }
                var pause = pauses.after(Duration.ofNanos(System.nanoTime() - started));
                LOG.warnf("Envoy %s; it is started again in %d ms", end, pause.toMillis());
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From its start to its end. @return how it ended */
    private String run() throws InterruptedException {
        Process started;
        try {
            synchronized (this) {
                if (closing.getCount() == 0) {
                    return "is no longer wanted";
                }
                started =
                        new ProcessBuilder(command()).redirectErrorStream(true).start();
                child = started;
            }
        } catch (IOException e) {
            return "could not be started: " + e.getMessage();
        }
        LOG.infof("Envoy started: pid=%d", started.pid());
        try (BufferedReader lines = started.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.infof("envoy: %s", line);
            }
        } catch (IOException e) {
            LOG.warnf("Envoy's log can't be read any more: %s", e.getMessage());
        }
        return "ended with exit code " + started.waitFor();
    }

    /** As the DaemonSet's. */
    private List<String> command() {
        return List.of(
                settings.binary().toString(),
                "--config-path",
                settings.bootstrap().toString(),
                "--use-dynamic-base-id",
                "--service-node",
                settings.node(),
                "--service-cluster",
                "kumo",
                "--concurrency",
                "2",
                "--log-level",
                "warning",
                "--drain-strategy",
                "immediate");
    }

    /** Has its listeners end their connections with their next answer. @return whether Envoy has heard it */
    private boolean drain() {
        try (var admin = SocketChannel.open(UnixDomainSocketAddress.of(settings.admin()))) {
            admin.write(ByteBuffer.wrap(DRAIN_REQUEST.getBytes(StandardCharsets.US_ASCII)));
            var answer = ByteBuffer.allocate(64);
            return admin.read(answer) > 0
                    && new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII).contains(" 200 ");
        } catch (IOException e) {
            LOG.warnf("Envoy can't be drained: %s", e.getMessage());
            return false;
        }
    }
}
