// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyMapFullTest {
    private static final String WEB =
            "apiVersion: v1\nkind: Pod\nmetadata: {namespace: demo, name: web, labels: {app: web}}\n";
    private static final String DB =
            "apiVersion: v1\nkind: Pod\nmetadata: {namespace: demo, name: db, labels: {app: db}}\n";
    private static final String GOOD = policy("good", "db", "fromEntities: [host]");
    private static final String SMALL =
            policy("small", "web", "toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: /}]}}]");

    private static final String DENY =
            policy("deny", "web", "fromEntities: [remote-node]").replace("ingress:", "ingressDeny:");

    @Test
    void aPolicyThatIsTooLargeAllowsNothing() {
        var plan = plan(blocks(ClassPlan.CAPACITY + 1));
        var web = plan.classes().get(plan.endpointClasses().get("demo/web"));
        assertThat(web.entries()).isEmpty();
        assertThat(web.enforceIngress()).isTrue();
        assertThat(web.enforceEgress()).as("no rule speaks of egress").isFalse();
        assertThat(plan.verdicts())
                .extracting(verdict -> verdict.policy().name() + " " + verdict.reason())
                .containsExactly("big PolicyMapFull", "good Accepted");
        assertThat(plan.classes().get(plan.endpointClasses().get("demo/db")).entries())
                .hasSize(1);
    }

    @Test
    void theLargestPolicyIsLeftOutAndTheOthersStayInForce() {
        var plan = plan(blocks(ClassPlan.CAPACITY), SMALL, DENY);
        assertThat(plan.verdicts())
                .extracting(verdict -> verdict.policy().name() + " " + verdict.reason())
                .containsExactly("big PolicyMapFull", "deny Accepted", "good Accepted", "small Accepted");
        var alone = plan(SMALL, DENY);
        assertThat(web(plan).entries())
                .hasSize(3)
                .isEqualTo(web(alone).entries().stream()
                        .map(entry -> entry.slot() == 0 ? entry : renumbered(entry, plan))
                        .toList());
        assertThat(plan.ruleSets().values())
                .containsExactlyElementsOf(alone.ruleSets().values());
    }

    @Test
    void aPolicyThatIsLeftOutDeniesByDefaultWhateverItSaysAndKeepsItsDenies() {
        var open = blocks(ClassPlan.CAPACITY)
                + "    - fromEntities: [host]\n  ingressDeny: [{fromEntities: [remote-node]}]\n"
                + "  enableDefaultDeny: {ingress: false}\n";
        var plan = plan(open, SMALL);
        assertThat(web(plan).enforceIngress()).isTrue();
        assertThat(web(plan).entries()).anyMatch(PolicyEntry::deny).anyMatch(entry -> entry.slot() != 0);
        assertThat(plan(open).classes()).hasSize(2);
        assertThat(web(plan(open)).entries()).allMatch(PolicyEntry::deny).isNotEmpty();
    }

    @Test
    void deniesThatDoNotFitDenyEverything() {
        var plan = plan(blocks(ClassPlan.CAPACITY + 1).replace("ingress:", "ingressDeny:"), SMALL);
        assertThat(web(plan).entries()).isEmpty();
        assertThat(web(plan).enforceIngress()).isTrue();
        assertThat(plan.verdicts())
                .extracting(verdict -> verdict.policy().name() + " " + verdict.reason())
                .containsExactly("big PolicyMapFull", "good Accepted", "small PolicyMapFull");
    }

    @Test
    void asManyEntriesAsThereIsRoomForAreTaken() {
        var plan = plan(blocks(ClassPlan.CAPACITY));
        assertThat(plan.verdicts()).allMatch(PolicyVerdict::valid);
        assertThat(plan.classes().get(plan.endpointClasses().get("demo/web")).entries())
                .hasSize(ClassPlan.CAPACITY);
    }

    @Test
    void aPolicyOfOneMegabyteIsPlannedOrRefusedLikeAnyOther() {
        var large = blocks(60_000);
        assertThat(large.length()).isGreaterThan(1_000_000);
        assertThat(plan(large).verdicts())
                .extracting(PolicyVerdict::reason)
                .containsExactly("PolicyMapFull", "Accepted");
    }

    @Test
    void aMegabyteOfPortsIsPlanned() {
        var lists = IntStream.range(0, 1_000)
                .mapToObj(list -> IntStream.range(0, 40)
                        .mapToObj(
                                port -> "{port: \"%d\", protocol: TCP}".formatted(1 + (list * 40 + port) % 30_000 * 2))
                        .collect(Collectors.joining(", ", "{ports: [", "]}")))
                .collect(Collectors.joining(", "));
        var large = policy("big", "web", "toPorts: [" + lists + "]");
        assertThat(large.length()).isGreaterThan(1_000_000);
        assertThat(plan(large).verdicts())
                .extracting(PolicyVerdict::reason)
                .containsExactly("PolicyMapFull", "Accepted");
    }

    @Test
    void aMegabyteOfExceptionsIsPlanned() {
        var except = IntStream.range(0, 60_000)
                .mapToObj(
                        index -> "\"100.%d.%d.%d/32\"".formatted(index >> 14, (index >> 6) & 0xff, (index & 0x3f) << 2))
                .collect(Collectors.joining(", "));
        var large = policy("big", "web", "fromCIDRSet: [{cidr: 100.0.0.0/8, except: [" + except + "]}]");
        assertThat(large.length()).isGreaterThan(1_000_000);
        assertThat(plan(large).verdicts())
                .extracting(PolicyVerdict::reason)
                .containsExactly("PolicyMapFull", "Accepted");
    }

    private static ClassPlan web(RulePlan plan) {
        return plan.classes().get(plan.endpointClasses().get("demo/web"));
    }

    /** The same entry with the slot that the class has in this plan: it goes by the class, and that by its rules' names. */
    private static PolicyEntry renumbered(PolicyEntry entry, RulePlan plan) {
        return new PolicyEntry(
                entry.key(), entry.deny(), web(plan).slots().getFirst().number(), entry.derivedFrom());
    }

    private static String blocks(int count) {
        var blocks = IntStream.range(0, count)
                .mapToObj(
                        index -> "\"100.%d.%d.%d/32\"".formatted(index >> 14, (index >> 6) & 0xff, (index & 0x3f) << 2))
                .collect(Collectors.joining(", "));
        return policy("big", "web", "fromCIDR: [" + blocks + "]");
    }

    private static String policy(String name, String app, String element) {
        return """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {namespace: demo, name: %s}
                spec:
                  endpointSelector: {matchLabels: {app: %s}}
                  ingress:
                    - %s
                """.formatted(name, app, element);
    }

    private static RulePlan plan(String... policies) {
        var documents = new ArrayList<>(List.of(WEB, DB, GOOD));
        documents.addAll(List.of(policies));
        return new RulePlanner().plan(new GoldenCluster(documents).inputs());
    }
}
