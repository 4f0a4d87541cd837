// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.KernelFilesystem;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.cni.ConfList;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.Links;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.node.NodeDevices;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes Kumo off a node: CNI configuration first, so that no new pod comes; then hooks and pins, pods' links and the overlay
 * device, routes and routing rules, and last the state on disk. Pods that still run lose their network. What isn't there is
 * not missed, so a removal that failed or was cut short is repeated. Blocks; any platform thread of the node's network
 * namespace.
 *
 * <p>The kernel's settings (forwarding, early demultiplexing, reverse-path filters, local port range) stay: others may rely
 * on them by now.
 */
final class Cleanup {
    /** The number of the file system that a file is in. */
    private static final String DEVICE = "unix:dev";

    private final DataplaneConfig.Paths paths;
    private final Links links;
    private final Consumer<String> progress;

    /** @param progress is told what was done, a line each */
    Cleanup(DataplaneConfig.Paths paths, Links links, Consumer<String> progress) {
        this.paths = paths;
        this.links = links;
        this.progress = progress;
    }

    private interface Step {
        /** Says what it did. */
        String run() throws IOException;
    }

    /** @throws CleanupException if a dataplane runs, which would put back what is taken, or a step fails */
    void run() throws CleanupException {
        refuseBesideDataplane();
        step("CNI configuration", () -> {
            new ConfList(paths.cniConfig()).remove();
            return "removed";
        });
        step("hooks and pins", () -> {
            Datapath.remove(paths.bpf().resolve("kumo"));
            return "removed";
        });
        step(
                "links",
                () -> count(links.list().stream()
                        .filter(Cleanup::isOurs)
                        .filter(link -> links.delete(link.name()))
                        .count()));
        step("routes", () -> {
            links.releaseNode();
            return count(links.routes().stream()
                    .filter(route -> links.deleteRoute(route.destination(), route.bits()))
                    .count());
        });
        step("state", () -> {
            KernelFilesystem.CGROUP2.removeFrom(paths.run().resolve("cgroup2"));
            empty(paths.run());
            empty(paths.state());
            return "removed";
        });
    }

    private void refuseBesideDataplane() throws CleanupException {
        var socket = paths.run().resolve("dataplane.sock");
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return; // nobody listens there
        }
        throw new CleanupException("a dataplane listens on " + socket + ": end it first", null);
    }

    private void step(String what, Step step) throws CleanupException {
        try {
            progress.accept(what + ": " + step.run());
        } catch (IOException | RuntimeException e) {
            throw new CleanupException(what + ": " + e.getMessage(), e);
        }
    }

    private static String count(long removed) {
        return removed + " removed";
    }

    /** Other networks name links alike, but give them other addresses. */
    private static boolean isOurs(Link link) {
        return link.name().equals(NodeDevices.OVERLAY)
                || link.name().startsWith(PodLink.PREFIX) && link.mac().equals(MacAddress.HOST_SIDE);
    }

    /** Removes what is in a directory and not the directory, which may be a volume; never what is mounted in it. */
    private static void empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        var device = Files.getAttribute(directory, DEVICE);
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) throws IOException {
                if (!Files.getAttribute(inner, DEVICE).equals(device)) {
                    throw new IOException("something is mounted at " + inner);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                if (!inner.equals(directory)) {
                    Files.delete(inner);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
