// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.HttpRule;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.PolicyClass;
import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.contract.policy.v1.Prefix;
import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.FeedMethods;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Items of the policy feed that speak of classes, written briefly. */
public final class Classes {
    static final int TCP = 6;

    private Classes() {}

    public static PolicyClass.Builder ingress(int number, PolicyEntry.Builder... entries) {
        var item = PolicyClass.newBuilder().setNumber(number).setEnforceIngress(true);
        Stream.of(entries).forEach(entry -> item.addEntries(entry.setDirection(Direction.DIRECTION_INGRESS)));
        return item;
    }

    public static PolicyClass.Builder egress(int number, PolicyEntry.Builder... entries) {
        var item = PolicyClass.newBuilder().setNumber(number).setEnforceEgress(true);
        Stream.of(entries).forEach(entry -> item.addEntries(entry.setDirection(Direction.DIRECTION_EGRESS)));
        return item;
    }

    public static PolicyEntry.Builder any() {
        return PolicyEntry.newBuilder();
    }

    public static PolicyEntry.Builder from(int identity) {
        return PolicyEntry.newBuilder().setIdentity(identity);
    }

    public static PolicyEntry.Builder from(String block) {
        var range = Range.of(block);
        return PolicyEntry.newBuilder()
                .setCidr(Prefix.newBuilder()
                        .setAddress(ByteString.copyFrom(range.address().bytes()))
                        .setLength(96 + range.bits()));
    }

    public static PolicyEntry.Builder tcp(PolicyEntry.Builder entry, int port) {
        return entry.setProtocol(TCP).setPort(port).setPortPrefixLength(16);
    }

    public static Slot slot(int number, int ruleSet) {
        return Slot.newBuilder()
                .setNumber(number)
                .setRuleSet(ruleSet)
                .setDirection(Direction.DIRECTION_INGRESS)
                .build();
    }

    public static Entry entry(PolicyClass.Builder item) {
        return new Entry(Table.CLASSES.item(Integer.toString(item.getNumber())), item.build());
    }

    public static Entry rules(int number, String method, String path) {
        var rules = HttpRuleSet.newBuilder()
                .setNumber(number)
                .addRules(HttpRule.newBuilder().setMethod(method).setPath(path));
        return new Entry(Table.RULE_SETS.item(Integer.toString(number)), rules.build());
    }

    public static DesiredChange change(Entry... entries) {
        return new DesiredChange(FeedMethods.POLICY, Arrays.asList(entries), List.of(), true);
    }

    public static DesiredChange gone(int... classes) {
        return new DesiredChange(
                FeedMethods.POLICY,
                List.of(),
                Arrays.stream(classes)
                        .mapToObj(number -> Table.CLASSES.item(Integer.toString(number)))
                        .toList(),
                true);
    }
}
