// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An opened BPF object file: what it declares, and, once loaded, its programs. Not thread-safe. */
public final class BpfObject implements AutoCloseable {
    private static final int VERIFIER_LOG = 4 << 20;

    private final Pointer object;

    /** libbpf and the kernel read and write these as long as the object lives. */
    private final Memory bytes;

    private final Memory verifierLog;

    private BpfObject(Pointer object, Memory bytes, Memory verifierLog) {
        this.object = object;
        this.bytes = bytes;
        this.verifierLog = verifierLog;
    }

    /** One map that the object declares. */
    public static final class Map {
        private static final int ARRAY_OF_MAPS = 12;
        private static final int HASH_OF_MAPS = 13;

        private final Pointer map;

        private Map(Pointer map) {
            this.map = map;
        }

        public String name() {
            return Libbpf.bpf_map__name(map);
        }

        /** Whether it is a data section rather than a map that C declared. */
        public boolean isInternal() {
            return Libbpf.bpf_map__is_internal(map);
        }

        /** {@code enum bpf_map_type}. */
        public int type() {
            return Libbpf.bpf_map__type(map);
        }

        public int keySize() {
            return Libbpf.bpf_map__key_size(map);
        }

        public int valueSize() {
            return Libbpf.bpf_map__value_size(map);
        }

        public int maxEntries() {
            return Libbpf.bpf_map__max_entries(map);
        }

        public int flags() {
            return Libbpf.bpf_map__map_flags(map);
        }

        /** The template of a map of maps' values, as long as the object isn't loaded; null for other maps. */
        public @Nullable Map inner() {
            int type = type();
            if (type != ARRAY_OF_MAPS && type != HASH_OF_MAPS) {
                return null;
            }
            var inner = Libbpf.bpf_map__inner_map(map);
            return inner == null ? null : new Map(inner);
        }

        public int keyTypeId() {
            return Libbpf.bpf_map__btf_key_type_id(map);
        }

        public int valueTypeId() {
            return Libbpf.bpf_map__btf_value_type_id(map);
        }

        /** Where it is pinned at load, or from where it is taken if it is there already. */
        public int setPinPath(Path path) {
            return Libbpf.bpf_map__set_pin_path(map, path.toString());
        }

        /** Overwrites a part of a data section before it is loaded; false if the section is shorter. */
        public boolean setInitialValue(int offset, byte[] value) {
            var size = new LongByReference();
            var initial = Libbpf.bpf_map__initial_value(map, size);
            if (initial == null || offset + value.length > size.getValue()) {
                return false;
            }
            initial.write(offset, value, 0, value.length);
            return true;
        }
    }

    /**
     * One program of the object.
     *
     * @param attachType {@code enum bpf_attach_type}, as its section says
     * @param fd negative before the object is loaded
     */
    public record Program(String name, int attachType, int fd) {}

    /** Where an object file's opening led: an object, or the positive error number. */
    public record Opening(@Nullable BpfObject object, int errno) {}

    /** Parses an object file; nothing reaches the kernel. */
    public static Opening open(String name, byte[] elf) {
        var bytes = new Memory(elf.length);
        bytes.write(0, elf, 0, elf.length);
        var log = new Memory(VERIFIER_LOG);
        log.setByte(0, (byte) 0);
        var options = new Libbpf.OpenOptions();
        options.object_name = name;
        // Level 0 with a buffer: the verifier's text is asked for only when it refuses a program.
        options.kernel_log_buf = log;
        options.kernel_log_size = VERIFIER_LOG;
        var object = Libbpf.bpf_object__open_mem(bytes, elf.length, options);
        return object == null
                ? new Opening(null, Native.getLastError())
                : new Opening(new BpfObject(object, bytes, log), 0);
    }

    /** The type information, as the file carries it; empty if it carries none. */
    public byte[] btf() {
        var btf = Libbpf.bpf_object__btf(object);
        return btf == null ? new byte[0] : rawData(btf);
    }

    /** The type information of an object file. */
    public static byte[] btf(Path file) {
        var btf = Libbpf.btf__parse(file.toString(), null);
        if (btf == null) {
            return new byte[0];
        }
        try {
            return rawData(btf);
        } finally {
            Libbpf.btf__free(btf);
        }
    }

    /** In the file's order, data sections included. */
    public List<Map> maps() {
        var maps = new ArrayList<Map>();
        for (var map = Libbpf.bpf_object__next_map(object, null);
                map != null;
                map = Libbpf.bpf_object__next_map(object, map)) {
            maps.add(new Map(map));
        }
        return maps;
    }

    /** In the file's order. */
    public List<Program> programs() {
        var programs = new ArrayList<Program>();
        for (var program = Libbpf.bpf_object__next_program(object, null);
                program != null;
                program = Libbpf.bpf_object__next_program(object, program)) {
            programs.add(new Program(
                    Libbpf.bpf_program__name(program),
                    Libbpf.bpf_program__expected_attach_type(program),
                    Libbpf.bpf_program__fd(program)));
        }
        return programs;
    }

    /** Makes maps, or takes them from their pins, and has the programs verified. */
    public int load() {
        return Libbpf.bpf_object__load(object);
    }

    /** What the verifier said when {@link #load} failed; empty if the failure was another. */
    public String verifierLog() {
        return verifierLog.getString(0, StandardCharsets.UTF_8.name());
    }

    /** Closes the descriptors of maps and programs as well; pinned ones stay. */
    @Override
    public void close() {
        Libbpf.bpf_object__close(object);
        bytes.close();
        verifierLog.close();
    }

    private static byte[] rawData(Pointer btf) {
        var size = new IntByReference();
        var data = Libbpf.btf__raw_data(btf, size);
        return data == null ? new byte[0] : data.getByteArray(0, size.getValue());
    }
}
