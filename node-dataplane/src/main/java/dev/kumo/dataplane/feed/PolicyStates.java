// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import dev.kumo.contract.policy.v1.PolicyItemState;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.FeedChange;
import dev.kumo.stream.node.FeedListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells every replica what has become of each class and rule set. The acknowledgement says that only to the replica that
 * serves the node, and once; what Envoy refuses later is told here alone. Any thread.
 */
public final class PolicyStates {
    static final String TABLE = "policy_states";
    private static final Set<String> TABLES = Set.of("classes", "rule_sets");

    private final Consumer<StateItem> put;
    private final Consumer<ItemKey> remove;
    /** Content that the node has answered for, by its hash. */
    private final Map<ItemKey, Long> answered = new HashMap<>();
    /** What was refused when it came. */
    private final Map<ItemKey, ItemRefusal> refused = new HashMap<>();

    private final Map<ItemKey, ItemRefusal> standing = new HashMap<>();

    /**
     * @param put says something to every replica
     * @param remove no longer says it
     */
    PolicyStates(Consumer<StateItem> put, Consumer<ItemKey> remove) {
        this.put = put;
        this.remove = remove;
    }

    /** Listens to the answers of what makes the policy feed true. */
    FeedListener over(FeedListener feed) {
        return change -> feed.apply(change).thenApply(refusals -> {
            answer(change, refusals);
            return refusals;
        });
    }

    /** What can't be as things stand, whenever it came: all of it. What is not named any more has become true. */
    public synchronized void standing(Collection<ItemRefusal> refusals) {
        var touched = new HashSet<>(standing.keySet());
        standing.clear();
        refusals.forEach(refusal -> standing.put(refusal.key(), refusal));
        touched.addAll(standing.keySet());
        // What could not be read stays so; anything else was tried again meanwhile.
        refused.values().removeIf(refusal -> {
            boolean over = refusal.reason() != Reason.MALFORMED;
            if (over) {
                touched.add(refusal.key());
            }
            return over;
        });
        touched.forEach(this::tell);
    }

    private synchronized void answer(FeedChange change, List<ItemRefusal> refusals) {
        change.removes().stream().filter(PolicyStates::isTold).forEach(key -> {
            answered.remove(key);
            refused.remove(key);
            remove.accept(reportKey(key));
        });
        for (var item : change.upserts()) {
            if (isTold(item.key())) {
                answered.put(item.key(), item.hash());
                refused.remove(item.key());
            }
        }
        refusals.stream()
                .filter(refusal -> answered.containsKey(refusal.key()))
                .forEach(refusal -> refused.put(refusal.key(), refusal));
        change.upserts().stream()
                .map(StateItem::key)
                .filter(PolicyStates::isTold)
                .forEach(this::tell);
    }

    private void tell(ItemKey key) {
        Long hash = answered.get(key);
        if (hash == null) {
            return;
        }
        var state = PolicyItemState.newBuilder().setTable(key.table()).setKey(key.key());
        Optional.ofNullable(standing.get(key))
                .or(() -> Optional.ofNullable(refused.get(key)))
                .ifPresentOrElse(
                        refusal -> state.setRefused(hash)
                                .setReason(refusal.reason().name())
                                .setMessage(refusal.message()),
                        () -> state.setApplied(hash));
        put.accept(StateItem.of(TABLE, reportKey(key).key(), state.build()));
    }

    private static boolean isTold(ItemKey key) {
        return TABLES.contains(key.table());
    }

    private static ItemKey reportKey(ItemKey key) {
        return new ItemKey(TABLE, key.table() + "/" + key.key());
    }
}
