// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Refusal;

/** One entry that could not be made true, or was not taken; the others of its batch are in force. */
public record ItemRefusal(ItemKey key, Reason reason, String message) {
    public Refusal toProto() {
        return Refusal.newBuilder()
                .setItem(key.toRef())
                .setReason(reason.name())
                .setMessage(message)
                .build();
    }
}
