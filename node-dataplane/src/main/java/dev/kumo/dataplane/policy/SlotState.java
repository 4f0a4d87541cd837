// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A slot that is wanted, and what Envoy was told for it. Apply-loop thread only. */
final class SlotState {
    final Slot slot;
    /** Who wants it. */
    final Set<Integer> classes = new TreeSet<>();
    /** When Envoy was last told something else, in nanoseconds. */
    long since;

    @Nullable
    EnvoyResource listener;

    @Nullable
    EnvoyResource routes;

    /** Why Envoy isn't told what is wanted. */
    Optional<ItemRefusal> problem = Optional.empty();

    SlotState(Slot slot) {
        this.slot = slot;
    }

    /** Whether Envoy goes by all that it was told. */
    boolean isHeld(EnvoyAnswers envoy) {
        return listener != null && routes != null && envoy.isHeld(listener) && envoy.isHeld(routes);
    }

    /** Why it can't be as things stand. */
    Optional<ItemRefusal> problem(EnvoyAnswers envoy) {
        return problem.or(() -> Stream.of(Optional.ofNullable(routes), Optional.ofNullable(listener))
                .flatMap(Optional::stream)
                .flatMap(resource -> envoy.refusal(resource).stream())
                .findFirst()
                .map(message -> refuse(Reason.PROXY_REFUSED, message)));
    }

    /** Whether no other answer of Envoy's is to be expected. */
    boolean isSettled(EnvoyAnswers envoy) {
        return isHeld(envoy) || problem(envoy).isPresent();
    }

    ItemRefusal refuse(Reason reason, String message) {
        return new ItemRefusal(
                Table.RULE_SETS.item(Integer.toString(slot.getRuleSet())),
                reason,
                "slot %d: %s".formatted(slot.getNumber(), message));
    }
}
