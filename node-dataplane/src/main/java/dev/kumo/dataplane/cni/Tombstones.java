// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Carries out the DELs that the plugin left while nobody answered: each file is a request, removed once it is done. At start,
 * and from time to time, since a plugin that lost its patience leaves one too. Thread {@code cni-tombstones}.
 */
public final class Tombstones implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Tombstones.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Path directory;
    private final CniHandler handler;
    private final Thread thread;

    public Tombstones(Path directory, CniHandler handler) {
        this.directory = directory;
        this.handler = handler;
        this.thread = Thread.ofPlatform().name("cni-tombstones").daemon(true).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Blocks until each that is there now has been tried. */
    public void carryOut() {
        for (var file : files()) {
            try {
                carryOut(file);
            } catch (IOException e) {
                LOG.warnf("tombstone %s cannot be handled: %s", file.getFileName(), e.getMessage());
            }
        }
    }

    private void carryOut(Path file) throws IOException {
        var answer = handler.answer(Files.readAllBytes(file));
        if (!isWorthAnotherTry(answer.exit())) {
            Files.deleteIfExists(file);
            LOG.infof("tombstone %s: exit=%d", file.getFileName(), answer.exit());
        }
    }

    /** What cannot be understood today cannot be tomorrow. */
    private static boolean isWorthAnotherTry(int exit) {
        return exit == CniException.TRY_AGAIN_LATER || exit == CniException.KERNEL_ERROR;
    }

    private List<Path> files() {
        try (var files = Files.list(directory)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warnf("tombstones in %s cannot be listed: %s", directory, e.getMessage());
            return List.of();
        }
    }

    private void run() {
        try {
            while (true) {
                carryOut();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
