// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.SecurityLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityNumbersTest {
    private static final SecurityLabels WEB = SecurityLabels.of(Map.of("k8s:app", "web"));
    private static final SecurityLabels OTHER = SecurityLabels.of(Map.of("k8s:app", "other"));

    @Test
    void proposesTheNextFreeNumberWhereTheFirstIsTaken() {
        int home = proposal(List.of());

        assertThat(proposal(List.of(new IdentityView(home, OTHER)))).isEqualTo(home + 1);
    }

    @Test
    void wrapsAroundAtTheLastNumber() {
        int home = proposal(List.of());
        var taken = new ArrayList<IdentityView>();
        for (int number = home; number <= IdentityNumbers.LAST; number++) {
            taken.add(new IdentityView(number, OTHER));
        }

        assertThat(proposal(taken)).isEqualTo(IdentityNumbers.FIRST);
    }

    @Test
    void ofTwoObjectsOfTheSameLabelsTheOneThatProbingMeetsFirstCountsInAnyOrder() {
        int home = proposal(List.of());
        var near = new IdentityView(home + 1, WEB);
        var far = new IdentityView(home - 1, WEB);

        assertThat(new IdentityNumbers(List.of(near, far)).allocated(WEB)).hasValue(home + 1);
        assertThat(new IdentityNumbers(List.of(far, near)).allocated(WEB)).hasValue(home + 1);
    }

    @Test
    void refusesWhenEveryNumberIsTaken() {
        var taken = new ArrayList<IdentityView>();
        for (int number = IdentityNumbers.FIRST; number <= IdentityNumbers.LAST; number++) {
            taken.add(new IdentityView(number, OTHER));
        }

        assertThat(new IdentityNumbers(taken).propose(WEB)).isFalse();
    }

    private static int proposal(List<IdentityView> existing) {
        var numbers = new IdentityNumbers(existing);
        assertThat(numbers.propose(WEB)).isTrue();
        return numbers.proposed().firstKey();
    }
}
