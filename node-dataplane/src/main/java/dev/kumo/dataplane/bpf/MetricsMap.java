// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.map.MetricKey;
import dev.kumo.dataplane.bpf.map.MetricValue;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The per-CPU counters, each summed when it is read. */
final class MetricsMap implements KernelMap<MetricKey, MetricValue> {
    private static final int ENOENT = 2;

    private final MapDeclaration declaration;
    private final int fd;
    private final StructCodec<MetricKey> keys;
    private final StructCodec<MetricValue> values;
    private final int cpus = BpfSyscall.possibleCpus();

    MetricsMap(MapDeclaration declaration, int fd) {
        this.declaration = declaration;
        this.fd = fd;
        keys = declaration.keyCodec(MetricKey.class);
        values = declaration.valueCodec(MetricValue.class);
    }

    @Override
    public String name() {
        return declaration.name();
    }

    @Override
    public int capacity() {
        return declaration.maxEntries();
    }

    @Override
    public Optional<MetricValue> lookup(MetricKey key) {
        return Optional.ofNullable(sum(keys.encode(key)));
    }

    @Override
    public void forEach(BiConsumer<? super MetricKey, ? super MetricValue> visitor) {
        byte @Nullable [] previous = null;
        for (int i = 0; i < capacity(); i++) {
            var next = new byte[keys.size()];
            if (BpfSyscall.nextKey(fd, previous, next) < 0) {
                return;
            }
            var value = sum(next);
            if (value != null) {
                visitor.accept(keys.decode(next), value);
            }
            previous = next;
        }
    }

    /** The kernel counts; nobody else may. */
    @Override
    public void update(MetricKey key, MetricValue value) {
        throw new UnsupportedOperationException("metrics are written by the kernel");
    }

    /** The kernel counts; nobody else may. */
    @Override
    public boolean delete(MetricKey key) {
        throw new UnsupportedOperationException("metrics are written by the kernel");
    }

    private @Nullable MetricValue sum(byte[] key) {
        int stride = (values.size() + 7) / 8 * 8;
        var perCpu = new byte[stride * cpus];
        int result = BpfSyscall.lookup(fd, key, perCpu);
        if (result == -ENOENT) {
            return null;
        }
        if (result < 0) {
            throw new BpfException("map_lookup", name(), -result);
        }
        long packets = 0;
        long bytes = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            var value = values.decode(perCpu, cpu * stride);
            packets += value.packets();
            bytes += value.bytes();
        }
        return new MetricValue(packets, bytes);
    }
}
