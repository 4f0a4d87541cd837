// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** libbpf.so.1 as its headers declare it ({@code bpf/bpf.h}, {@code bpf/libbpf.h}, {@code bpf/btf.h}). */
final class Libbpf {
    static {
        Native.register(Libbpf.class, "libbpf.so.1");
        BpfLog.install();
    }

    private Libbpf() {}

    static native @Nullable Pointer bpf_object__open_mem(Pointer bytes, long size, OpenOptions options);

    static native int bpf_object__load(Pointer object);

    static native void bpf_object__close(Pointer object);

    static native @Nullable Pointer bpf_object__next_map(Pointer object, @Nullable Pointer previous);

    static native @Nullable Pointer bpf_object__next_program(Pointer object, @Nullable Pointer previous);

    static native @Nullable Pointer bpf_object__btf(Pointer object);

    static native String bpf_map__name(Pointer map);

    static native int bpf_map__fd(Pointer map);

    static native int bpf_map__type(Pointer map);

    static native int bpf_map__key_size(Pointer map);

    static native int bpf_map__value_size(Pointer map);

    static native int bpf_map__max_entries(Pointer map);

    static native int bpf_map__map_flags(Pointer map);

    static native int bpf_map__btf_key_type_id(Pointer map);

    static native int bpf_map__btf_value_type_id(Pointer map);

    static native @Nullable Pointer bpf_map__inner_map(Pointer map);

    static native boolean bpf_map__is_internal(Pointer map);

    static native @Nullable Pointer bpf_map__initial_value(Pointer map, LongByReference size);

    static native int bpf_map__set_pin_path(Pointer map, String path);

    static native String bpf_program__name(Pointer program);

    static native int bpf_program__fd(Pointer program);

    static native int bpf_program__expected_attach_type(Pointer program);

    static native @Nullable Pointer btf__parse(String path, @Nullable Pointer extension);

    static native void btf__free(Pointer btf);

    static native @Nullable Pointer btf__raw_data(Pointer btf, IntByReference size);

    static native int bpf_obj_get(String path);

    static native int bpf_obj_pin(int fd, String path);

    static native int bpf_obj_get_info_by_fd(int fd, Pointer info, IntByReference size);

    static native int bpf_map_create(
            int type, String name, int keySize, int valueSize, int maxEntries, MapOptions options);

    static native int bpf_map_get_fd_by_id(int id);

    static native int bpf_map_lookup_elem(int map, byte[] key, byte[] value);

    static native int bpf_map_update_elem(int map, byte[] key, byte[] value, long flags);

    static native int bpf_map_delete_elem(int map, byte[] key);

    static native int bpf_map_get_next_key(int map, byte @Nullable [] key, byte[] next);

    static native int bpf_link_create(int program, int target, int attachType, @Nullable Pointer options);

    static native int bpf_link_update(int link, int program, @Nullable Pointer options);

    static native int bpf_link_detach(int link);

    static native int bpf_tc_hook_create(TcHook hook);

    static native int bpf_tc_attach(TcHook hook, TcOptions options);

    static native int bpf_tc_detach(TcHook hook, TcOptions options);

    static native int bpf_tc_query(TcHook hook, TcOptions options);

    static native int libbpf_num_possible_cpus();

    static native @Nullable Pointer libbpf_set_print(Print print);

    /** {@code libbpf_print_fn_t}; the last argument is a va_list. */
    @RegisterForReflection
    interface Print extends Callback {
        int print(int level, Pointer format, Pointer arguments);
    }

    /** {@code struct bpf_object_open_opts}. */
    @Structure.FieldOrder({
        "sz",
        "object_name",
        "relaxed_maps",
        "pin_root_path",
        "bitfield",
        "kconfig",
        "btf_custom_path",
        "kernel_log_buf",
        "kernel_log_size",
        "kernel_log_level"
    })
    @RegisterForReflection
    public static final class OpenOptions extends Structure {
        public long sz;
        public @Nullable String object_name;
        public byte relaxed_maps;
        public @Nullable String pin_root_path;
        public int bitfield;
        public @Nullable String kconfig;
        public @Nullable String btf_custom_path;
        public @Nullable Pointer kernel_log_buf;
        public long kernel_log_size;
        public int kernel_log_level;

        OpenOptions() {
            sz = size();
        }
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
    @RegisterForReflection
    public static final class MapOptions extends Structure {
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

        MapOptions() {
            sz = size();
        }
    }

    /** {@code struct bpf_tc_hook}. */
    @Structure.FieldOrder({"sz", "ifindex", "attach_point", "parent"})
    @RegisterForReflection
    public static final class TcHook extends Structure {
        public long sz;
        public int ifindex;
        public int attach_point;
        public int parent;

        TcHook() {
            sz = size();
        }
    }

    /** {@code struct bpf_tc_opts}. */
    @Structure.FieldOrder({"sz", "prog_fd", "flags", "prog_id", "handle", "priority"})
    @RegisterForReflection
    public static final class TcOptions extends Structure {
        public long sz;
        public int prog_fd;
        public int flags;
        public int prog_id;
        public int handle;
        public int priority;

        TcOptions() {
            sz = size();
        }
    }
}
