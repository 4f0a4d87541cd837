// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** File systems through which the kernel hands out its objects. */
public enum KernelFilesystem {
    /** Pins of maps, programs and links. */
    BPF("bpf"),
    /** The cgroup v2 hierarchy; its root is that of the mounting process's cgroup namespace. */
    CGROUP2("cgroup2");

    private final String type;

    KernelFilesystem(String type) {
        this.type = type;
    }

    /**
     * Sees to it that a directory shows this file system: makes it and mounts there if need be, in this process's mount
     * namespace.
     *
     * @throws BpfException if mounting is refused
     */
    public void ensureAt(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
        if (isAt(directory)) {
            return;
        }
        int result = Mounts.mount(type, directory);
        if (result < 0) {
            throw new BpfException("mount", type + " at " + directory, -result);
        }
    }

    /**
     * Takes the file system away from a directory, however often it was mounted there; nothing happens if it wasn't.
     *
     * @throws BpfException if unmounting is refused
     */
    public void removeFrom(Path directory) {
        while (Files.isDirectory(directory) && isAt(directory)) {
            int result = Mounts.unmount(directory);
            if (result < 0) {
                throw new BpfException("unmount", directory.toString(), -result);
            }
        }
    }

    private boolean isAt(Path directory) {
        try {
            return Files.getFileStore(directory).type().equals(type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + directory, e);
        }
    }
}
