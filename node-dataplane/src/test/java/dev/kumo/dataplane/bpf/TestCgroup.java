// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup of a test's own with this whole process in it; closing moves the process back. Root only. */
public final class TestCgroup implements AutoCloseable {
    private final Path home;
    private final Path path;

    private TestCgroup(Path home, Path path) {
        this.home = home;
        this.path = path;
    }

    public static TestCgroup enter() throws IOException {
        var root = mountOfCgroup2();
        var home = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> Path.of(root + line.substring(3)))
                .findFirst()
                .orElseThrow();
        var path = root.resolve("kumo-t-" + ProcessHandle.current().pid());
        Files.createDirectory(path);
        var cgroup = new TestCgroup(home, path);
        moveTo(path);
        return cgroup;
    }

    public Path path() {
        return path;
    }

    private static Path mountOfCgroup2() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(mount -> mount[2].equals("cgroup2"))
                .map(mount -> Path.of(mount[1]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup v2 hierarchy is mounted"));
    }

    private static void moveTo(Path cgroup) throws IOException {
        Files.writeString(
                cgroup.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    @Override
    public void close() throws IOException {
        moveTo(home);
        Files.delete(path);
    }
}
