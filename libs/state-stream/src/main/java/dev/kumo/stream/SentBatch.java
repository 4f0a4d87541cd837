// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Batch;
import java.util.HashMap;
import java.util.HashSet;
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

    public static SentBatch of(Batch batch) {
        var upserts = new HashMap<ItemKey, Long>();
        batch.getUpsertsList()
                .forEach(item -> upserts.put(new ItemKey(item.getTable(), item.getKey()), item.getHash()));
        var removes = new HashSet<ItemKey>();
        batch.getRemovesList().forEach(ref -> removes.add(ItemKey.of(ref)));
        return new SentBatch(batch.getSequence(), upserts, removes, batch.getInSync());
    }

    boolean names(ItemKey key) {
        return upserts.containsKey(key) || removes.contains(key);
    }
}
