// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnseenTest {
    private final Unseen<String, String> unseen = new Unseen<>();

    @Test
    void isDueOnlyWhereTheStatusSeenOrTheLastWordDiffers() {
        assertThat(unseen.isDue("web", ".200", true)).isTrue();
        assertThat(unseen.isDue("web", ".200", false)).isFalse();
        unseen.ask("web", ".200");
        assertThat(unseen.isDue("web", ".200", true)).as("asked already").isFalse();
        assertThat(unseen.isDue("web", ".201", false))
                .as("the status seen says it, but the last word was another")
                .isTrue();
    }

    @Test
    void isForgottenOnceTheWatchHasReachedTheWrite() {
        unseen.ask("web", ".200");
        unseen.forgetSeen(100);
        assertThat(unseen.asked()).as("not written yet").containsKey("web");
        unseen.written("web", ".200", 101);
        unseen.forgetSeen(100);
        assertThat(unseen.asked()).as("not seen yet").containsKey("web");
        unseen.forgetSeen(101);
        assertThat(unseen.asked()).isEmpty();
    }

    @Test
    void remembersWhatAReplacedWriteMayStillShow() {
        unseen.ask("web", ".200");
        unseen.ask("web", ".201");
        unseen.written("web", ".200", 90);
        unseen.forgetSeen(100);
        assertThat(unseen.asked()).isEqualTo(Map.of("web", List.of(".201", ".200")));
        unseen.written("web", ".201", 100);
        unseen.forgetSeen(100);
        assertThat(unseen.asked()).isEmpty();
    }

    @Test
    void aWriteToWhatIsGoneIsForgottenAtOnce() {
        unseen.ask("web", ".200");
        unseen.written("web", ".200", Unseen.GONE);
        unseen.forgetSeen(100);
        assertThat(unseen.asked()).isEmpty();
    }
}
