// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfObject;
import java.util.Set;

/**
 * A map as an object declares it. Immutable.
 *
 * @param layout everything on which the meaning of its bytes depends, as text
 */
record MapDeclaration(String name, int maxEntries, int keyType, int valueType, Btf btf, String layout) {
    /** Filled by user space: a new layout costs nothing but the filling. All others lose what the kernel has learnt. */
    private static final Set<String> REBUILDABLE = Set.of(
            "endpoints", "endpoint_links", "addresses", "frontends", "backend_sets", "backends", "source_ranges");

    static MapDeclaration of(BpfObject.Map map, Btf btf) {
        var layout = "%s type=%d size=%d/%d entries=%d flags=%d key=%s value=%s"
                .formatted(
                        map.name(),
                        map.type(),
                        map.keySize(),
                        map.valueSize(),
                        map.maxEntries(),
                        map.flags(),
                        btf.describe(map.keyTypeId()),
                        btf.describe(map.valueTypeId()));
        return new MapDeclaration(map.name(), map.maxEntries(), map.keyTypeId(), map.valueTypeId(), btf, layout);
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
