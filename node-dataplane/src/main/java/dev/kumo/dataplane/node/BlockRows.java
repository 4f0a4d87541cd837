// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.node;

import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.reconcile.MapFailure;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of map {@code addresses} for blocks of outside addresses, which have identities of this node's own. Pods' and nodes'
 * addresses stay what they are, and pod ranges unknown, whatever block holds them or lies within them. Each change is in
 * force when the call returns, so that its place among other changes is the caller's choice. Apply-loop thread only.
 */
public interface BlockRows {
    /** The first identity of this node's own; those of the feed are lower. */
    int FIRST_LOCAL_IDENTITY = 1 << 24;

    /** What an earlier process left, which stands until it is removed. */
    Map<PrefixKey, Integer> adopted();

    /** @return what went wrong, if anything did; the row is tried again later then */
    Optional<MapFailure<PrefixKey>> put(PrefixKey block, int identity);

    /** @return what went wrong, if anything did; the row is tried again later then */
    Optional<MapFailure<PrefixKey>> remove(PrefixKey block);
}
