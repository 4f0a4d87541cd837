// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over a map's keys. */
final class MapKeys {
    private static final int ENOENT = 2;

    private MapKeys() {}

    /**
     * All keys first, so that a visitor may delete. The kernel starts over when the key it shall go on from has gone; the
     * bound ends the walk on a map that changes faster than it is read.
     */
    static List<byte[]> of(int fd, int keySize, MapDeclaration map) {
        var found = new ArrayList<byte[]>();
        byte @Nullable [] previous = null;
        for (long steps = 0; steps < 2L * map.maxEntries(); steps++) {
            var next = new byte[keySize];
            int result = BpfSyscall.nextKey(fd, previous, next);
            if (result == -ENOENT) {
                break;
            }
            if (result < 0) {
                throw new BpfException("map_get_next_key", map.name(), -result);
            }
            found.add(next);
            previous = next;
        }
        return found;
    }
}
