// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.stream.AckTable;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What nodes have made of classes and rule sets: by their reports, which every replica gets, and by the acknowledgements of
 * those that are subscribed here. A report is the later word: it also tells what Envoy refused after the acknowledgement.
 */
final class NodeAnswers {
    private final AckTable acks;
    private final Map<String, Map<ItemKey, PolicyItemState>> reported;
    private final Set<String> subscribed;

    /** @param reported by node and entry */
    NodeAnswers(AckTable acks, Map<String, Map<ItemKey, PolicyItemState>> reported) {
        this.acks = acks;
        this.reported = reported;
        this.subscribed = acks.connected();
    }

    /** Whether the node is subscribed here. */
    boolean isSubscribed(String node) {
        return subscribed.contains(node);
    }

    /** Whether the node has said anything. */
    boolean hasSpoken(String node) {
        return isSubscribed(node) || reported.containsKey(node);
    }

    /** Whether just this content is in force there. */
    boolean applied(String node, StateItem item) {
        var report = report(node, item.key());
        if (report.isPresent() && report.get().getApplied() == item.hash()) {
            return true;
        }
        return refusal(node, item).isEmpty() && acks.applied(node, item.key(), item.hash());
    }

    /** Why just this content is not in force there, if the node could not make it true. */
    Optional<ItemRefusal> refusal(String node, StateItem item) {
        var report = report(node, item.key());
        if (report.isPresent() && report.get().getApplied() == item.hash()) {
            return Optional.empty();
        }
        return report.filter(state -> state.getRefused() == item.hash())
                .map(state -> new ItemRefusal(item.key(), Reason.named(state.getReason()), state.getMessage()))
                .or(() ->
                        Optional.ofNullable(acks.refusals(node).get(item.key())).map(ItemRefusal::of));
    }

    private Optional<PolicyItemState> report(String node, ItemKey key) {
        return Optional.ofNullable(reported.getOrDefault(node, Map.of()).get(key));
    }
}
