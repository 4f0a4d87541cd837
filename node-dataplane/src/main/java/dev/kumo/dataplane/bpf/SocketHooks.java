// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/**
 * The programs on a cgroup's sockets, each held by a pinned link: it outlives this process, is found again by its pin, and takes
 * a newer program atomically.
 */
final class SocketHooks {
    private static final Set<String> PROGRAMS = Set.of(
            "connect4", "connect6", "sendmsg4", "sendmsg6", "recvmsg4", "recvmsg6", "getpeername4", "getpeername6");

    private final Path links;

    SocketHooks(Path links) {
        this.links = links;
    }

    /** Puts those of the programs that sit on sockets there; others are left out. */
    void attach(Path cgroup, Collection<PinnedProgram> programs) {
        int directory = BpfSyscall.openDirectory(cgroup);
        if (directory < 0) {
            throw new BpfException("open", cgroup.toString(), -directory);
        }
        try {
            long inode = inode(cgroup);
            for (var program : programs) {
                if (PROGRAMS.contains(program.name())) {
                    attach(program, directory, inode);
                }
            }
        } finally {
            BpfSyscall.close(directory);
        }
    }

    private void attach(PinnedProgram program, int cgroup, long inode) {
        var pin = links.resolve(program.name());
        if (adopt(program, pin, inode)) {
            return;
        }
        int link = BpfSyscall.attachCgroup(program.fd(), cgroup, program.attachType());
        if (link < 0) {
            throw new BpfException("link_create", program.name(), -link);
        }
        try {
            int result = BpfSyscall.pin(link, pin);
            if (result < 0) {
                throw new BpfException("pin", pin.toString(), -result);
            }
        } finally {
            BpfSyscall.close(link);
        }
    }

    /** Goes on with the link that is pinned; one that sits on another cgroup is ended. */
    private static boolean adopt(PinnedProgram program, Path pin, long inode) {
        int link = BpfSyscall.get(pin);
        if (link < 0) {
            return false;
        }
        try {
            var info = BpfSyscall.linkInfo(link);
            if (info == null || info.cgroup() != inode) {
                BpfSyscall.detach(link);
                Pins.remove(pin);
                return false;
            }
            int result = info.programId() == program.id() ? 0 : BpfSyscall.replace(link, program.fd());
            if (result < 0) {
                throw new BpfException("link_update", program.name(), -result);
            }
            return true;
        } finally {
            BpfSyscall.close(link);
        }
    }

    /** Ends all links and removes their pins. */
    void detachAll() {
        for (var pin : Pins.in(links)) {
            int link = BpfSyscall.get(pin);
            if (link >= 0) {
                BpfSyscall.detach(link);
                BpfSyscall.close(link);
            }
            Pins.remove(pin);
        }
    }

    /** The number by which the kernel names a cgroup is its directory's inode. */
    private static long inode(Path cgroup) {
        try {
            return (Long) Files.getAttribute(cgroup, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + cgroup, e);
        }
    }
}
