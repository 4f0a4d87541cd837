// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map as an object declares it. Immutable.
 *
 * @param inner what its values are, for a map of maps
 * @param layout everything on which the meaning of its bytes depends, as text
 */
record MapDeclaration(
        String name,
        Shape shape,
        int keyType,
        int valueType,
        Btf btf,
        @Nullable MapDeclaration inner,
        String layout) {
    /** Filled by user space: a new layout costs nothing but the filling. All others lose what the kernel has learnt. */
    private static final Set<String> REBUILDABLE = Set.of(
            "endpoints",
            "endpoint_links",
            "addresses",
            "frontends",
            "backend_sets",
            "backends",
            "source_ranges",
            "classes",
            "policies",
            "slots",
            "announcements");

    /**
     * What the kernel is told of a map.
     *
     * @param type {@code enum bpf_map_type}
     */
    record Shape(int type, int keySize, int valueSize, int maxEntries, int flags) {
        static Shape of(BpfObject.Map map) {
            return new Shape(map.type(), map.keySize(), map.valueSize(), map.maxEntries(), map.flags());
        }
    }

    static MapDeclaration of(BpfObject.Map map, Btf btf) {
        var shape = Shape.of(map);
        var template = map.inner();
        var inner = template == null ? null : of(template, btf);
        var layout = "%s type=%d size=%d/%d entries=%d flags=%d key=%s value=%s"
                .formatted(
                        map.name(),
                        shape.type(),
                        shape.keySize(),
                        shape.valueSize(),
                        shape.maxEntries(),
                        shape.flags(),
                        btf.describe(map.keyTypeId()),
                        inner == null ? btf.describe(map.valueTypeId()) : "[" + inner.layout() + "]");
        return new MapDeclaration(map.name(), shape, map.keyTypeId(), map.valueTypeId(), btf, inner, layout);
    }

    int maxEntries() {
        return shape.maxEntries();
    }

    /** @throws LayoutException if it isn't a map of maps */
    MapDeclaration innerDeclaration() {
        if (inner == null) {
            throw new LayoutException(name + " is not a map of maps");
        }
        return inner;
    }

    /** Where it is pinned: another layout has another name. */
    String pinName() {
        return name + "-" + Fingerprint.of(layout);
    }

    boolean isRebuildable() {
        return REBUILDABLE.contains(name);
    }

    <K> StructCodec<K> keyCodec(Class<K> type) {
        return StructCodec.of(btf, keyType, type, name + " key");
    }

    <V> StructCodec<V> valueCodec(Class<V> type) {
        return StructCodec.of(btf, valueType, type, name + " value");
    }
}
