// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.util.List;

/**
 * One step of desired state; immutable. No key is both in {@code upserts} and in {@code removes}.
 *
 * @param upserts entries that are new or have other content than before
 * @param removes entries that are no longer desired
 * @param inSync with this change the node holds all that the replica serves to it: what is not held now may be swept
 */
public record FeedChange(List<StateItem> upserts, List<ItemKey> removes, boolean inSync) {
    public FeedChange {
        upserts = List.copyOf(upserts);
        removes = List.copyOf(removes);
    }

    public boolean isEmpty() {
        return upserts.isEmpty() && removes.isEmpty();
    }
}
