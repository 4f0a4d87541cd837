// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.contract.policy.v1.Identity;
import dev.kumo.stream.Audience;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.TestCa;
import dev.kumo.stream.TestReplica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a node gets to a state, it ends in the same one: any order, split or squash of changes, any interruption. */
class StateSequenceTest {
    private static final TestCa CA = new TestCa();

    /** The same pods come, move, change identity and go; w1 and w2 each see their own endpoints only. */
    private static final List<SortedMap<ItemKey, StateItem>> STATES = List.of(
            state(),
            state(identity("256", "client"), endpoint("a", 256, "w1")),
            state(
                    identity("256", "client"),
                    identity("257", "server"),
                    endpoint("a", 256, "w1"),
                    endpoint("b", 257, "w2")),
            state(
                    identity("256", "renamed"),
                    identity("257", "server"),
                    endpoint("a", 257, "w2"),
                    endpoint("b", 257, "w1")),
            state(identity("257", "server"), endpoint("b", 257, "w1", "w2")),
            state(),
            state(
                    identity("256", "client"),
                    identity("258", "other"),
                    endpoint("a", 258, "w1"),
                    endpoint("c", 256, "w2")));

    @TempDir
    Path folder;

    private enum Order {
        IDENTITY,
        REVERSE,
        SHUFFLED,
        SPLIT,
        SQUASHED;

        List<SortedMap<ItemKey, StateItem>> of(List<SortedMap<ItemKey, StateItem>> states) {
            var list = new ArrayList<>(states);
            switch (this) {
                case IDENTITY -> {}
                case REVERSE -> Collections.reverse(list);
                case SHUFFLED -> Collections.shuffle(list, new Random(7));
                case SPLIT -> {
                    return split(list);
                }
                case SQUASHED -> {
                    return List.of(list.getLast());
                }
            }
            return list;
        }
    }

    private enum Interruption {
        NONE,
        RECONNECT,
        RESTART,
        SWITCH
    }

    @ParameterizedTest
    @CsvSource({
        "IDENTITY, NONE", "IDENTITY, RECONNECT", "IDENTITY, RESTART", "IDENTITY, SWITCH",
        "REVERSE,  NONE", "REVERSE,  RECONNECT", "REVERSE,  RESTART", "REVERSE,  SWITCH",
        "SHUFFLED, NONE", "SHUFFLED, RECONNECT", "SHUFFLED, RESTART", "SHUFFLED, SWITCH",
        "SPLIT,    NONE", "SPLIT,    RECONNECT", "SPLIT,    RESTART", "SPLIT,    SWITCH",
        "SQUASHED, NONE", "SQUASHED, RECONNECT", "SQUASHED, RESTART", "SQUASHED, SWITCH"
    })
    void everyWayToAStateEndsInIt(Order order, Interruption interruption) {
        try (var a = new TestReplica("a", CA);
                var b = new TestReplica("b", CA);
                var w1 =
                        new TestNode("w1", folder.resolve("w1"), CA).dialling(a).start();
                var w2 =
                        new TestNode("w2", folder.resolve("w2"), CA).dialling(a).start()) {
            var states = order.of(STATES);
            for (var version = 0; version < states.size(); version++) {
                var snapshot = new StateSnapshot(states.get(version), new TreeMap<>(Map.of("pods", version + 1L)));
                a.state.publisher().publish(snapshot);
                b.state.publisher().publish(snapshot);
                if (version == states.size() / 2) {
                    interrupt(interruption, a, b, w1, w2);
                }
            }
            expect(w1, "w1", states.getLast());
            expect(w2, "w2", states.getLast());
        }
    }

    private static void interrupt(Interruption interruption, TestReplica a, TestReplica b, TestNode w1, TestNode w2) {
        switch (interruption) {
            case NONE -> {}
            case RECONNECT -> {
                await().until(() -> w1.isInSync() && w2.isInSync());
                a.restart();
            }
            case RESTART -> {
                w1.close();
                w1.start();
            }
            case SWITCH -> {
                w1.dialling(b);
                w2.dialling(b);
                a.close();
                w1.subscriber().replicasChanged();
            }
        }
    }

    private static void expect(TestNode node, String name, SortedMap<ItemKey, StateItem> state) {
        var expected = new TreeMap<ItemKey, Long>();
        state.values().stream()
                .filter(item -> item.audience().includes(name))
                .forEach(item -> expected.put(item.key(), item.hash()));
        await().untilAsserted(() -> {
            assertThat(node.isInSync()).as("%s", node.subscriber().status()).isTrue();
            assertThat(hashes(node.kernel)).isEqualTo(expected);
        });
        assertThat(node.faults).isEmpty();
    }

    private static SortedMap<ItemKey, Long> hashes(Map<ItemKey, StateItem> items) {
        var hashes = new TreeMap<ItemKey, Long>();
        synchronized (items) {
            items.forEach((key, item) -> hashes.put(key, item.hash()));
        }
        return hashes;
    }

    /** One key at a time between each two states. */
    private static List<SortedMap<ItemKey, StateItem>> split(List<SortedMap<ItemKey, StateItem>> states) {
        var steps = new ArrayList<SortedMap<ItemKey, StateItem>>();
        var current = new TreeMap<ItemKey, StateItem>();
        for (var state : states) {
            var keys = new TreeSet<>(current.keySet());
            keys.addAll(state.keySet());
            for (var key : keys) {
                var item = state.get(key);
                if (item == null) {
                    current.remove(key);
                } else {
                    current.put(key, item);
                }
                steps.add(new TreeMap<>(current));
            }
        }
        return steps;
    }

    private static SortedMap<ItemKey, StateItem> state(StateItem... items) {
        var state = new TreeMap<ItemKey, StateItem>();
        for (var item : items) {
            state.put(item.key(), item);
        }
        return state;
    }

    private static StateItem identity(String number, String app) {
        return StateItem.of(
                "identities",
                number,
                Identity.newBuilder()
                        .setNumber(Integer.parseInt(number))
                        .putLabels("k8s:app", app)
                        .build());
    }

    private static StateItem endpoint(String pod, int identity, String... nodes) {
        return StateItem.of(
                "endpoints", pod, Identity.newBuilder().setNumber(identity).build(), Audience.of(List.of(nodes)));
    }
}
