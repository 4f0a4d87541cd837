// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish.rule;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.HeaderMatch;
import dev.kumo.contract.policy.v1.HttpRule;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.RequestMatch;
import dev.kumo.policy.plan.rule.ClassPlan;
import dev.kumo.policy.plan.rule.EntryPeer;
import dev.kumo.policy.plan.rule.PolicySlot;
import java.util.List;

/**
 * Writes classes and rule sets as messages of policy.proto. Stateless; any thread.
 *
 * <p>{@code revision} comes of the caller: replicas that hold the same class must send the same bytes, so it must not count
 * what one replica has seen.
 */
public final class RuleMapper {
    private RuleMapper() {}

    public static PolicyClass policyClass(ClassPlan planned, long revision) {
        return PolicyClass.newBuilder()
                .setNumber(planned.number())
                .setRevision(revision)
                .setEnforceIngress(planned.enforceIngress())
                .setEnforceEgress(planned.enforceEgress())
                .addAllEntries(planned.entries().stream().map(RuleMapper::entry).toList())
                .addAllSlots(planned.slots().stream().map(RuleMapper::slot).toList())
                .build();
    }

    public static HttpRuleSet ruleSet(int number, List<RequestMatch> requests) {
        return HttpRuleSet.newBuilder()
                .setNumber(number)
                .addAllRules(requests.stream().map(RuleMapper::rule).toList())
                .build();
    }

    private static PolicyEntry entry(dev.kumo.policy.plan.rule.PolicyEntry planned) {
        var key = planned.key();
        var entry = PolicyEntry.newBuilder()
                .setDirection(direction(key.direction()))
                .setProtocol(key.protocol())
                .setPort(key.ports().port())
                .setPortPrefixLength(key.ports().length())
                .setDeny(planned.deny())
                .setSlot(planned.slot())
                .addAllDerivedFrom(
                        planned.derivedFrom().stream().map(PolicyId::toString).toList());
        switch (key.peer()) {
            case EntryPeer.Any any -> entry.clearPeer();
            case EntryPeer.Identity(int number) -> entry.setIdentity(number);
            case EntryPeer.Block(var block) ->
                entry.setCidr(Prefix.newBuilder()
                        .setAddress(ByteString.copyFrom(block.address()))
                        .setLength(block.length()));
        }
        return entry.build();
    }

    private static Slot slot(PolicySlot planned) {
        return Slot.newBuilder()
                .setNumber(planned.number())
                .setDirection(direction(planned.direction()))
                .setRuleSet(planned.ruleSet())
                .build();
    }

    private static HttpRule rule(RequestMatch match) {
        return HttpRule.newBuilder()
                .setMethod(match.method())
                .setPath(match.path())
                .setHost(match.host())
                .addAllHeaders(match.headers())
                .addAllHeaderMatches(match.headerValues().stream()
                        .map(header -> HeaderMatch.newBuilder()
                                .setName(header.name())
                                .setValue(header.value())
                                .build())
                        .toList())
                .build();
    }

    private static Direction direction(dev.kumo.policy.model.rule.Direction direction) {
        return switch (direction) {
            case INGRESS -> Direction.DIRECTION_INGRESS;
            case EGRESS -> Direction.DIRECTION_EGRESS;
        };
    }
}
