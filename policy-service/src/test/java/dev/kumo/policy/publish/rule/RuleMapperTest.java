// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.RequestMatch;
import dev.kumo.policy.plan.rule.ClassPlan;
import dev.kumo.policy.plan.rule.EntryPeer;
import dev.kumo.policy.plan.rule.PolicyEntry;
import dev.kumo.policy.plan.rule.PolicySlot;
import dev.kumo.policy.plan.rule.PortPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleMapperTest {
    private static final PolicyId POLICY = new PolicyId("CiliumNetworkPolicy", "demo", "policy");

    @Test
    void aClassIsWrittenWhole() {
        var planned = new ClassPlan(
                7,
                true,
                false,
                List.of(
                        entry(EntryPeer.ANY, 17, new PortPrefix(53, 16), true, 0),
                        entry(new EntryPeer.Identity(256), 6, new PortPrefix(8080, 16), false, 9),
                        entry(
                                new EntryPeer.Block(new CidrBlock(0, 0xffff_0a00_0000L, 104)),
                                0,
                                PortPrefix.ALL,
                                false,
                                0)),
                List.of(new PolicySlot(9, Direction.INGRESS, 9)));
        assertThat(RuleMapper.policyClass(planned, 3)).hasToString("""
                        number: 7
                        revision: 3
                        enforce_ingress: true
                        entries {
                          direction: DIRECTION_INGRESS
                          protocol: 17
                          port: 53
                          port_prefix_length: 16
                          deny: true
                          derived_from: "CiliumNetworkPolicy/demo/policy"
                        }
                        entries {
                          direction: DIRECTION_INGRESS
                          identity: 256
                          protocol: 6
                          port: 8080
                          port_prefix_length: 16
                          slot: 9
                          derived_from: "CiliumNetworkPolicy/demo/policy"
                        }
                        entries {
                          direction: DIRECTION_INGRESS
                          cidr {
                            address: "\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\377\\377\\n\\000\\000\\000"
                            length: 104
                          }
                          derived_from: "CiliumNetworkPolicy/demo/policy"
                        }
                        slots {
                          number: 9
                          direction: DIRECTION_INGRESS
                          rule_set: 9
                        }
                        """);
    }

    @Test
    void aRuleSetIsWrittenWhole() {
        var request = new RequestMatch(
                "GET", "/color", "web", List.of("X-Team: blue"), List.of(new RequestMatch.HeaderValue("X-Token", "a")));
        var written = RuleMapper.ruleSet(9, List.of(request));
        assertThat(written.getNumber()).isEqualTo(9);
        assertThat(written.getRules(0)).hasToString("""
                        method: "GET"
                        path: "/color"
                        host: "web"
                        headers: "X-Team: blue"
                        header_matches {
                          name: "X-Token"
                          value: "a"
                        }
                        """);
    }

    private static PolicyEntry entry(EntryPeer peer, int protocol, PortPrefix ports, boolean deny, int slot) {
        return new PolicyEntry(
                new PolicyEntry.Key(Direction.INGRESS, peer, protocol, ports), deny, slot, List.of(POLICY));
    }
}
