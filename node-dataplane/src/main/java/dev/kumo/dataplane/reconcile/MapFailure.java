// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;

/** An entry of a kernel map that could not be written or deleted; it stays pending. */
public record MapFailure<K>(K key, Reason reason, String message) {
    /** The refusal of the feed's item that asked for the entry. */
    public ItemRefusal refuse(ItemKey item) {
        return new ItemRefusal(item, reason, message);
    }
}
