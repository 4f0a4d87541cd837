// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.RuleEndpoint;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleItemsTest {
    private static final ParsedPolicy COLOR = RuleFixture.allow("color", "/color");

    @Test
    void aClassGoesToTheNodesOfItsEndpointsAndARuleSetToThoseOfItsClasses() {
        assertThat(RuleFixture.items(COLOR).all()).hasSize(2).allSatisfy(item -> {
            assertThat(item.audience().includes("w1")).isTrue();
            assertThat(item.audience().includes("w2")).isTrue();
            assertThat(item.audience().includes("w3")).isFalse();
        });
    }

    @Test
    void entriesSayWhoMayDoWhatAndWhichPolicySaysSo() throws InvalidProtocolBufferException {
        var items = RuleFixture.items(COLOR);
        var message = policyClass(items);

        assertThat(items.classOf("s1")).isEqualTo(message.getNumber());
        assertThat(items.classOf("c1")).isZero();
        assertThat(message.getEnforceIngress()).isTrue();
        assertThat(message.getEnforceEgress()).isFalse();
        assertThat(message.getEntriesList()).singleElement().satisfies(entry -> {
            assertThat(entry.getIdentity()).isEqualTo(RuleFixture.CLIENT);
            assertThat(entry.getProtocol()).isEqualTo(6);
            assertThat(entry.getPort()).isEqualTo(8080);
            assertThat(entry.getPortPrefixLength()).isEqualTo(16);
            assertThat(entry.getSlot()).isEqualTo(message.getSlots(0).getNumber());
            assertThat(entry.getDerivedFromList()).containsExactly("CiliumNetworkPolicy/shop/color");
        });
        var rules = HttpRuleSet.parseFrom(item(items, RuleItems.RULE_SETS).value());
        assertThat(rules.getNumber()).isEqualTo(message.getSlots(0).getRuleSet());
        assertThat(rules.getRules(0).getPath()).isEqualTo("/color");
    }

    @Test
    void replicasServeTheSameBytesInWhateverOrderTheyRead() {
        var policies = new ArrayList<>(
                List.of(COLOR, RuleFixture.allow("root", "/"), RuleFixture.deny("deny"), RuleFixture.idle("idle")));
        var expected = items(policies);
        var random = new Random(1);
        for (int round = 0; round < 20; round++) {
            Collections.shuffle(policies, random);

            assertThat(items(policies)).isEqualTo(expected);
        }
    }

    @Test
    void anEditOfHttpRulesChangesTheRuleSetAlone() {
        var before = RuleFixture.items(COLOR);
        var after = RuleFixture.items(RuleFixture.allow("color", "/colour"));

        assertThat(item(after, RuleItems.CLASSES)).isEqualTo(item(before, RuleItems.CLASSES));
        assertThat(item(after, RuleItems.RULE_SETS).key())
                .isEqualTo(item(before, RuleItems.RULE_SETS).key());
        assertThat(item(after, RuleItems.RULE_SETS).hash())
                .isNotEqualTo(item(before, RuleItems.RULE_SETS).hash());
    }

    @Test
    void whatStaysIsTakenOverAndWhatChangesIsAsIfMadeAnew() {
        var plan = RuleFixture.plan(COLOR);
        var before = RuleItems.of(plan, RuleFixture.NODES, RuleItems.NOTHING);
        var edited = RuleFixture.plan(RuleFixture.allow("color", "/colour"));
        var after = RuleItems.of(edited, RuleFixture.NODES, before);

        assertThat(item(after, RuleItems.CLASSES)).isSameAs(item(before, RuleItems.CLASSES));
        assertThat(after.all().toList())
                .isEqualTo(RuleItems.of(edited, RuleFixture.NODES, RuleItems.NOTHING)
                        .all()
                        .toList());
        assertThat(after.naming(RuleFixture.CLIENT)).isEqualTo(before.naming(RuleFixture.CLIENT));
    }

    @Test
    void theRevisionTellsAnotherVerdictAndComesBackWithTheOldOne() throws InvalidProtocolBufferException {
        var open = policyClass(RuleFixture.items(COLOR)).getRevision();
        var denied =
                policyClass(RuleFixture.items(COLOR, RuleFixture.deny("deny"))).getRevision();

        assertThat(denied).isNotEqualTo(open);
        assertThat(policyClass(RuleFixture.items(COLOR)).getRevision()).isEqualTo(open);
    }

    @Test
    void knowsWhichClassesHaveARuleForAnIdentityAndWhatAPolicyIsTheCauseOf() {
        var items = RuleFixture.items(COLOR, RuleFixture.idle("idle"));

        assertThat(items.naming(RuleFixture.CLIENT)).containsExactly(item(items, RuleItems.CLASSES));
        assertThat(items.naming(RuleFixture.STRANGER)).isEmpty();
        assertThat(items.of(COLOR.id())).containsExactlyElementsOf(items.all().toList());
        assertThat(items.causedBy(COLOR.id()))
                .containsExactlyElementsOf(items.all().toList());
        assertThat(items.of(RuleFixture.idle("idle").id())).isEmpty();
    }

    private static List<StateItem> items(List<ParsedPolicy> policies) {
        return RuleItems.of(
                        RuleFixture.plan(policies, endpoints(new Random(policies.hashCode()))),
                        RuleFixture.NODES,
                        RuleItems.NOTHING)
                .all()
                .toList();
    }

    private static List<RuleEndpoint> endpoints(Random random) {
        var endpoints = new ArrayList<>(RuleFixture.ENDPOINTS);
        Collections.shuffle(endpoints, random);
        return endpoints;
    }

    private static PolicyClass policyClass(RuleItems items) throws InvalidProtocolBufferException {
        return PolicyClass.parseFrom(item(items, RuleItems.CLASSES).value());
    }

    private static StateItem item(RuleItems items, String table) {
        return items.all()
                .filter(item -> item.key().table().equals(table))
                .findFirst()
                .orElseThrow();
    }
}
