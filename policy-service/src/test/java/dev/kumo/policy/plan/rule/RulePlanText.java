// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.ReservedIdentity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Writes a plan for people to read. */
final class RulePlanText {
    private static final Map<Integer, String> PROTOCOLS =
            Map.of(0, "any", 1, "icmp", 6, "tcp", 17, "udp", 58, "icmpv6", 132, "sctp");

    private final RulePlan plan;
    private final GoldenCluster cluster;
    private final StringBuilder text = new StringBuilder();

    private RulePlanText(RulePlan plan, GoldenCluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
    }

    static String of(RulePlan plan, GoldenCluster cluster) {
        return new RulePlanText(plan, cluster).write();
    }

    private String write() {
        line(0, "endpoints:");
        plan.endpointClasses().forEach((endpoint, number) -> line(1, "%s: %d".formatted(endpoint, number)));
        line(0, "classes:");
        plan.classes().values().forEach(this::policyClass);
        line(0, "ruleSets:");
        plan.ruleSets().forEach((number, requests) -> {
            line(1, number + ":");
            requests.forEach(request -> line(2, "- " + request));
        });
        line(0, "policies:");
        plan.verdicts()
                .forEach(verdict -> line(
                        1,
                        "%s: Valid=%s %s %s"
                                .formatted(
                                        verdict.policy(),
                                        verdict.valid() ? "True" : "False",
                                        verdict.reason(),
                                        verdict.message())));
        return text.toString();
    }

    private void policyClass(ClassPlan policyClass) {
        line(1, policyClass.number() + ":");
        line(2, "ingress: " + (policyClass.enforceIngress() ? "enforced" : "open"));
        line(2, "egress: " + (policyClass.enforceEgress() ? "enforced" : "open"));
        line(
                2,
                "slots: "
                        + policyClass.slots().stream()
                                .map(slot -> "%d %s rules %d"
                                        .formatted(slot.number(), name(slot.direction()), slot.ruleSet()))
                                .toList());
        line(2, "entries:");
        policyClass.entries().forEach(entry -> line(3, "- " + entry(entry)));
    }

    private String entry(PolicyEntry entry) {
        var key = entry.key();
        var verdict = entry.deny() ? "deny" : entry.slot() == 0 ? "allow" : "slot " + entry.slot();
        return "%s %s %s %d/%d %s %s"
                .formatted(
                        name(key.direction()),
                        peer(key.peer()),
                        PROTOCOLS.get(key.protocol()),
                        key.ports().port(),
                        key.ports().length(),
                        verdict,
                        entry.derivedFrom());
    }

    private String peer(EntryPeer peer) {
        return switch (peer) {
            case EntryPeer.Any any -> "anybody";
            case EntryPeer.Block(var block) -> block.toString();
            case EntryPeer.Identity(var number) ->
                Arrays.stream(ReservedIdentity.values())
                        .filter(reserved -> reserved.number() == number)
                        .map(RulePlanText::name)
                        .findFirst()
                        .orElseGet(() -> "%d (%s)".formatted(number, cluster.pods(number)));
        };
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line.stripTrailing()).append('\n');
    }
}
