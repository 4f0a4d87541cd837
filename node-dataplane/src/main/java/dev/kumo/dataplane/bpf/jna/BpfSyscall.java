// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** bpf(2) on descriptors: pins, maps, links. */
public final class BpfSyscall {
    private static final int INFO = 256;
    private static final int ID = 4;
    private static final int PROGRAM_MAP_COUNT = 52;
    private static final int PROGRAM_MAPS = 56;
    private static final int LINK_PROGRAM = 8;
    private static final int LINK_CGROUP = 16;
    private static final int MOST_MAPS = 64;

    private BpfSyscall() {}

    /** What a link holds in place: a program, on a cgroup (its inode number; 0 once the cgroup is gone). */
    public record LinkInfo(int programId, long cgroup) {}

    /** A descriptor of what is pinned there. */
    public static int get(Path pin) {
        return Libbpf.bpf_obj_get(pin.toString());
    }

    public static int pin(int fd, Path path) {
        return Libbpf.bpf_obj_pin(fd, path.toString());
    }

    public static void close(int fd) {
        Libc.close(fd);
    }

    /** A descriptor of a directory, such as a cgroup. */
    public static int openDirectory(Path directory) {
        return Libc.check(Libc.open(directory.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0));
    }

    /** The kernel's number of a map, program or link. */
    public static int id(int fd) {
        try (var info = new Memory(INFO)) {
            int result = info(fd, info);
            return result < 0 ? result : info.getInt(ID);
        }
    }

    /** The numbers of the maps that a program uses, empty if they cannot be had. */
    public static int[] mapIds(int program) {
        try (var info = new Memory(INFO);
                var ids = new Memory(4L * MOST_MAPS)) {
            info.clear();
            info.setInt(PROGRAM_MAP_COUNT, MOST_MAPS);
            info.setPointer(PROGRAM_MAPS, ids);
            int result = Libbpf.bpf_obj_get_info_by_fd(program, info, new IntByReference(INFO));
            return result < 0 ? new int[0] : ids.getIntArray(0, info.getInt(PROGRAM_MAP_COUNT));
        }
    }

    /** What a link holds, null if that cannot be had. */
    public static @Nullable LinkInfo linkInfo(int link) {
        try (var info = new Memory(INFO)) {
            return info(link, info) < 0 ? null : new LinkInfo(info.getInt(LINK_PROGRAM), info.getLong(LINK_CGROUP));
        }
    }

    /**
     * A descriptor of a new map.
     *
     * @param type {@code enum bpf_map_type}
     */
    public static int createMap(int type, String name, int keySize, int valueSize, int maxEntries, int flags) {
        var options = new Libbpf.MapOptions();
        options.map_flags = flags;
        return Libbpf.bpf_map_create(type, name, keySize, valueSize, maxEntries, options);
    }

    /** A descriptor of the map that has a number. */
    public static int openMap(int id) {
        return Libbpf.bpf_map_get_fd_by_id(id);
    }

    /** Copies the value into {@code value}; per-CPU maps fill in one value of a multiple of eight bytes for each possible CPU. */
    public static int lookup(int map, byte[] key, byte[] value) {
        return Libbpf.bpf_map_lookup_elem(map, key, value);
    }

    public static int update(int map, byte[] key, byte[] value) {
        return Libbpf.bpf_map_update_elem(map, key, value, 0);
    }

    public static int delete(int map, byte[] key) {
        return Libbpf.bpf_map_delete_elem(map, key);
    }

    /** The key after another one, or the first. */
    public static int nextKey(int map, byte @Nullable [] key, byte[] next) {
        return Libbpf.bpf_map_get_next_key(map, key, next);
    }

    /** A descriptor of a link that holds a program on a cgroup. */
    public static int attachCgroup(int program, int cgroup, int attachType) {
        return Libbpf.bpf_link_create(program, cgroup, attachType, null);
    }

    /** Puts another program in a link's place, atomically. */
    public static int replace(int link, int program) {
        return Libbpf.bpf_link_update(link, program, null);
    }

    /** Ends a link, even while it is pinned or open elsewhere. */
    public static int detach(int link) {
        return Libbpf.bpf_link_detach(link);
    }

    public static int possibleCpus() {
        return Libbpf.libbpf_num_possible_cpus();
    }

    private static int info(int fd, Memory info) {
        info.clear();
        return Libbpf.bpf_obj_get_info_by_fd(fd, info, new IntByReference(INFO));
    }
}
