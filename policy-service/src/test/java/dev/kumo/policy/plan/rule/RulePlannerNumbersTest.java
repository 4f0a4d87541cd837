// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.rule.RequestMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulePlannerNumbersTest {
    private static final String PODS = """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: demo, name: web, labels: {app: web}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {namespace: demo, name: allow, labels: {app: allow}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {namespace: demo, name: deny, labels: {app: deny}}
            """;
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {namespace: demo, name: policy}
            spec:
              endpointSelector: {matchLabels: {app: web}}
              ingress:
                - fromEndpoints: [{matchLabels: {app: allow}}]
                  toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [{path: /}]}}]
                - fromEndpoints: [{matchLabels: {app: deny}}]
                  toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [{path: /color}]}}]
            """;

    @Test
    void anEditOfHttpRulesChangesOneRuleSetAndNothingElse() {
        var before = plan(POLICY);
        var after = plan(POLICY.replace("{path: /color}", "{path: /other}"));
        assertThat(after.classes()).isEqualTo(before.classes());
        assertThat(after.numbers()).isEqualTo(before.numbers());
        assertThat(after.ruleSets()).hasSize(2).isNotEqualTo(before.ruleSets());
        assertThat(paths(after)).containsExactlyInAnyOrder("/", "/other");
    }

    @Test
    void equalRulesOfTwoGroupsStayInTheirSlots() {
        var before = plan(POLICY);
        var after = plan(POLICY.replace("{path: /color}", "{path: /}"));
        assertThat(after.classes()).isEqualTo(before.classes());
        assertThat(paths(after)).containsExactly("/", "/");
    }

    @Test
    void swappedPeersKeepTheirSlotsAndGetTheOthersRules() {
        var before = plan(POLICY);
        var swapped = POLICY.replace("allow}", "x}").replace("deny}", "allow}").replace("x}", "deny}");
        var after = plan(swapped);
        assertThat(after.classes()).isEqualTo(before.classes());
        var numbers = new ArrayList<>(before.ruleSets().keySet());
        assertThat(after.ruleSets().get(numbers.get(0)))
                .isEqualTo(before.ruleSets().get(numbers.get(1)));
        assertThat(after.ruleSets().get(numbers.get(1)))
                .isEqualTo(before.ruleSets().get(numbers.get(0)));
    }

    @Test
    void aRuleBeforeAnotherDoesNotMoveItsSlot() {
        var before = plan(POLICY);
        var after = plan(POLICY.replace("  ingress:\n", "  ingress:\n    - fromEntities: [host]\n"));
        assertThat(after.ruleSets()).isEqualTo(before.ruleSets());
        assertThat(after.endpointClasses()).isEqualTo(before.endpointClasses());
    }

    @Test
    void aNumberThatIsTakenGoesToTheNextOne() {
        Map<Integer, String> seen = new HashMap<>();
        for (int index = 0; ; index++) {
            var key = "key " + index;
            var other = seen.put(StableNumbers.assign(List.of(key)).get(key), key);
            if (other != null) {
                var first = Collections.min(List.of(key, other));
                int number = StableNumbers.assign(List.of(key)).get(key);
                assertThat(StableNumbers.assign(List.of(key, other)).values())
                        .containsExactlyInAnyOrder(number, number + 1);
                assertThat(StableNumbers.assign(List.of(key, other))).containsEntry(first, number);
                return;
            }
        }
    }

    private static List<String> paths(RulePlan plan) {
        return plan.ruleSets().values().stream()
                .flatMap(List::stream)
                .map(RequestMatch::path)
                .toList();
    }

    private static RulePlan plan(String policy) {
        var documents = new ArrayList<>(List.of(PODS.split("(?m)^---$")));
        documents.add(policy);
        return new RulePlanner().plan(new GoldenCluster(documents).inputs());
    }
}
