// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.feed.v1.Refusal;

/** One entry that could not be made true, or was not taken; the others of its batch are in force. */
public record ItemRefusal(ItemKey key, Reason reason, String message) {
    /** Of what the other side said; a reason that this version doesn't know is {@link Reason#UNSUPPORTED}. */
    public static ItemRefusal of(Refusal refusal) {
        return new ItemRefusal(ItemKey.of(refusal.getItem()), Reason.named(refusal.getReason()), refusal.getMessage());
    }

    public Refusal toProto() {
        return Refusal.newBuilder()
                .setItem(key.toRef())
                .setReason(reason.name())
                .setMessage(message)
                .build();
    }
}
