// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TrafficControl;
import dev.kumo.dataplane.bpf.jna.TrafficControl.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes the datapath out of the kernel: hooks first, pins last, so that a removal that was cut short can be repeated. */
final class DatapathRemoval {
    private final Pins pins;

    DatapathRemoval(Path root) {
        pins = new Pins(root);
    }

    void run() {
        new SocketHooks(pins.links()).detachAll();
        freeDevices(pinnedPrograms());
        for (var directory : List.of(pins.programs(), pins.maps())) {
            Pins.in(directory).forEach(Pins::remove);
        }
        for (var directory : List.of(pins.links(), pins.programs(), pins.maps(), pins.root())) {
            Pins.remove(directory);
        }
    }

    private Set<Integer> pinnedPrograms() {
        Set<Integer> ids = new HashSet<>();
        for (var pin : Pins.in(pins.programs())) {
            int fd = BpfSyscall.get(pin);
            if (fd >= 0) {
                ids.add(BpfSyscall.id(fd));
                BpfSyscall.close(fd);
            }
        }
        return ids;
    }

    /** A hook is ours if its program is one that we pinned. */
    private static void freeDevices(Set<Integer> programs) {
        try {
            for (int device : TrafficControl.devices()) {
                for (var direction : Direction.values()) {
                    if (programs.contains(TrafficControl.query(device, direction))) {
                        TrafficControl.detach(device, direction);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list devices", e);
        }
    }
}
