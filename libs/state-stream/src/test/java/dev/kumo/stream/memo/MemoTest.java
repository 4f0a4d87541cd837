// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.memo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoTest {
    private final Memo<String, List<Integer>, Object> memo = new Memo<>();

    @Test
    void whatIsMadeOfTheSameIsTheSameObject() {
        var first = ask("a", 1);
        memo.endRound();
        assertThat(ask("a", 1)).isSameAs(first);
        assertThat(ask("a", 1)).as("twice in a round").isSameAs(first);
        assertThat(memo.made()).isEqualTo(1);
    }

    @Test
    void whatIsMadeOfSomethingElseIsMadeAnew() {
        var first = ask("a", 1);
        assertThat(ask("a", 2)).isNotSameAs(first);
        assertThat(memo.made()).isEqualTo(2);
    }

    @Test
    void whatARoundDoesNotAskForIsForgotten() {
        var first = ask("a", 1);
        memo.endRound();
        memo.endRound();
        assertThat(ask("a", 1)).isNotSameAs(first);
    }

    @Test
    void theLatestOutcomeIsTheSameObjectUntilItsInputsDiffer() {
        var latest = new Latest<List<Integer>, Object>(_ -> new Object());
        var first = latest.of(List.of(1));
        assertThat(latest.of(List.of(1))).isSameAs(first);
        assertThat(latest.of(List.of(2))).isNotSameAs(first);
        assertThat(latest.of(List.of(1))).isNotSameAs(first);
    }

    private Object ask(String key, int source) {
        return memo.of(key, List.of(source), _ -> new Object());
    }
}
