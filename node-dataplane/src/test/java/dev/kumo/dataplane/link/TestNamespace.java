// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.jna.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of a test's own, with a platform thread that lives in it. Closing removes both. Root only. */
public final class TestNamespace implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private TestNamespace(String name) {
        this.name = name;
    }

    /** @param role a word for its name */
    public static TestNamespace create(String role) throws Exception {
        var namespace = new TestNamespace(
                "kumo-t-" + role + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
        execute("ip", "netns", "add", namespace.name);
        namespace.call(() -> {
            int fd = NetworkNamespace.open(namespace.path());
            int entered = NetworkNamespace.enter(fd);
            NetworkNamespace.close(fd);
            if (entered < 0) {
                throw new IOException("setns: errno " + -entered);
            }
            return true;
        });
        namespace.ip("link", "set", "lo", "up");
        return namespace;
    }

    /** The file that stands for it. */
    public Path path() {
        return Path.of("/run/netns", name);
    }

    /** Runs on the thread inside. */
    public <T> T call(Callable<T> task) throws Exception {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The output of ip(8) inside. */
    public String ip(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        return execute(command.toArray(String[]::new));
    }

    /** The output of a command inside; this process's mounts stay. */
    public String shell(String command) throws Exception {
        return execute("nsenter", "--net=" + path(), "sh", "-c", command);
    }

    private static String execute(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws Exception {
        thread.shutdown();
        execute("ip", "netns", "del", name);
    }
}
