// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.Map;
import java.util.Set;

/**
 * What the serving side remembers of a batch until it is acknowledged; immutable.
 *
 * @param upserts content hashes by key
 */
public record SentBatch(long sequence, Map<ItemKey, Long> upserts, Set<ItemKey> removes, boolean inSync) {
    public SentBatch {
        upserts = Map.copyOf(upserts);
        removes = Set.copyOf(removes);
    }

    boolean names(ItemKey key) {
        return upserts.containsKey(key) || removes.contains(key);
    }
}
