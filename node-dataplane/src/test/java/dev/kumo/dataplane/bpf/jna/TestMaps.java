// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Native;
import com.sun.jna.Structure;

/** Maps that belong to no object. */
public final class TestMaps {
    private static final int LPM_TRIE = 11;
    private static final int NO_PREALLOC = 1;

    static {
        Native.register(TestMaps.class, "libbpf.so.1");
    }

    private TestMaps() {}

    private static native int bpf_map_create(
            int type, String name, int keySize, int valueSize, int maxEntries, Options options);

    /** A descriptor of an empty trie. */
    public static int trie(int keySize, int valueSize, int maxEntries) {
        var options = new Options();
        options.map_flags = NO_PREALLOC;
        int fd = bpf_map_create(LPM_TRIE, "test", keySize, valueSize, maxEntries, options);
        if (fd < 0) {
            throw new IllegalStateException("BPF_MAP_CREATE: errno " + -fd);
        }
        return fd;
    }

    /** {@code struct bpf_map_create_opts}. */
    @Structure.FieldOrder({
        "sz",
        "btf_fd",
        "btf_key_type_id",
        "btf_value_type_id",
        "btf_vmlinux_value_type_id",
        "inner_map_fd",
        "map_flags",
        "map_extra",
        "numa_node",
        "map_ifindex"
    })
    public static final class Options extends Structure {
        public long sz;
        public int btf_fd;
        public int btf_key_type_id;
        public int btf_value_type_id;
        public int btf_vmlinux_value_type_id;
        public int inner_map_fd;
        public int map_flags;
        public long map_extra;
        public int numa_node;
        public int map_ifindex;

        public Options() {
            sz = size();
        }
    }
}
