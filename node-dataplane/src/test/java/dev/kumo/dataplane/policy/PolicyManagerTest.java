// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.TCP;
import static dev.kumo.dataplane.policy.Classes.any;
import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.egress;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.gone;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.contract.policy.v1.PolicyEntry;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.node.BlockRows;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyManagerTest {
    private static final FlowDirection IN = FlowDirection.INGRESS;
    private static final FlowDirection OUT = FlowDirection.EGRESS;

    @TempDir
    Path state;

    private PolicyNode node;

    @BeforeEach
    void start() {
        node = new PolicyNode(state);
    }

    @Test
    void aClassIsEnforcedAsItIsWritten() {
        assertThat(node.become(change(
                        entry(ingress(5, tcp(from(300), 8080), tcp(any(), 53).setDeny(true), from(301))))))
                .isEqualTo(Applied.done());
        assertThat(node.verdict(5, IN, 300, TCP, 8080)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, IN, 300, TCP, 8081)).isEqualTo(Judge.DENIED);
        assertThat(node.verdict(5, IN, 301, TCP, 53)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, IN, 302, TCP, 53)).isEqualTo(Judge.DENIED);
        assertThat(node.verdict(5, OUT, 302, TCP, 1)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(6, OUT, 302, TCP, 1)).isEqualTo(Judge.DENIED);
    }

    @Test
    void everyChangeHasARevisionOfItsOwnAndWhatChangesNothingHasNone() {
        node.become(change(entry(ingress(5, from(300))), entry(ingress(6, from(300)))));
        var first = node.classes.lookup(5).orElseThrow();
        var other = node.classes.lookup(6).orElseThrow();
        assertThat(first.revision()).isNotEqualTo(other.revision());
        node.become(change(entry(ingress(5, from(300).addDerivedFrom("CiliumNetworkPolicy/a/b")))));
        assertThat(node.classes.lookup(5)).contains(first);
        node.become(change(entry(ingress(5, from(301)))));
        assertThat(node.classes.lookup(5).orElseThrow().revision()).isGreaterThan(other.revision());
    }

    @Test
    void aClassThatIsStillAPodsOutlivesItsItem() {
        node.become(change(entry(ingress(5, from(300))), entry(ingress(6, from(300)))));
        node.pod("10.244.1.7", 5);
        node.become(gone(5, 6));
        assertThat(node.classes.contents()).containsOnlyKeys("5");
        assertThat(node.verdict(5, IN, 300, TCP, 80)).isEqualTo(Judge.ALLOWED);
        node.pod("10.244.1.7", 0);
        node.become(change());
        assertThat(node.classes.contents()).isEmpty();
        assertThat(node.policies.keys()).isEmpty();
    }

    @Test
    void theRemovalOfAClassThatWasRefusedForItsKeyHoldsUpNoOther() {
        node.become(change(entry(ingress(5, from(300))), entry(ingress(6, from(300)))));
        var keys =
                List.of(Table.CLASSES.item("no number"), Table.RULE_SETS.item("9".repeat(20)), Table.CLASSES.item("5"));
        assertThat(node.become(new DesiredChange(FeedMethods.POLICY, List.of(), keys, true)))
                .isEqualTo(Applied.done());
        assertThat(node.classes.contents()).containsOnlyKeys("6");
    }

    @Test
    void aRestartFindsEverythingAsItShallBe() {
        var item = entry(egress(5, tcp(from("203.0.113.0/24"), 443), from(2).setDeny(true)));
        node.become(change(item));
        var row = node.classes.lookup(5);
        int identity = node.identityOf(Address.of("203.0.113.9"));
        int writes = node.addresses.writes() + node.classes.writes();
        node.start();
        assertThat(node.become(change(item))).isEqualTo(Applied.done());
        assertThat(node.classes.lookup(5)).isEqualTo(row);
        assertThat(node.identityOf(Address.of("203.0.113.9"))).isEqualTo(identity);
        assertThat(node.addresses.writes() + node.classes.writes()).isEqualTo(writes);
        assertThat(node.policies.puts()).isOne();
    }

    @Test
    void whatAnEarlierRunLeftStandsUntilTheFeedIsKnown() {
        node.become(change(entry(ingress(5, from(300)))));
        node.start();
        node.applyOnce(Slice.unlimited());
        assertThat(node.verdict(5, IN, 300, TCP, 80)).isEqualTo(Judge.ALLOWED);
        node.become(change());
        assertThat(node.classes.contents()).isEmpty();
    }

    @Test
    void theLongestBlockOfTheClassDecidesWhateverOtherClassesSay() {
        node.become(change(
                entry(egress(5, from("10.0.0.0/8"), from("10.1.0.0/16").setDeny(true), from("10.1.2.0/24"))),
                entry(egress(6, from("10.1.2.128/25").setDeny(true), from("0.0.0.0/0"))),
                entry(egress(7, from(2))),
                entry(egress(8, any())),
                entry(ingress(9, from("10.0.0.0/8")))));
        assertThat(node.verdict(5, OUT, "10.9.9.9", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, OUT, "10.1.9.9", TCP, 80)).isEqualTo(Judge.DENIED);
        assertThat(node.verdict(5, OUT, "10.1.2.9", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, OUT, "10.1.2.200", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, OUT, "1.1.1.1", TCP, 80)).isEqualTo(Judge.DENIED);
        assertThat(node.verdict(6, OUT, "10.1.2.200", TCP, 80)).isEqualTo(Judge.DENIED);
        assertThat(node.verdict(6, OUT, "10.1.2.9", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(6, OUT, "1.1.1.1", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(7, OUT, "10.1.2.200", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(7, OUT, "1.1.1.1", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(8, OUT, "10.1.2.200", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(9, IN, "10.1.2.200", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(9, IN, "1.1.1.1", TCP, 80)).isEqualTo(Judge.DENIED);
    }

    @Test
    void podsRangesStayUnknownWhateverABlockSays() {
        node.become(change(entry(egress(5, from("10.244.0.0/16"), from("10.244.3.0/24"), from("10.0.0.0/8")))));
        assertThat(node.identityOf(Address.of("10.244.3.9"))).isZero();
        assertThat(node.identityOf(Address.of("10.244.9.9"))).isZero();
        assertThat(node.identityOf(Address.of("10.9.9.9"))).isGreaterThan(BlockRows.FIRST_LOCAL_IDENTITY);
    }

    @Test
    void aBlockThatNobodySpeaksOfAnyMoreLeavesNothingAndItsNumberRests() {
        node.become(change(entry(egress(5, from("203.0.113.0/24"))), entry(egress(6, from(2)))));
        int identity = node.identityOf(Address.of("203.0.113.9"));
        node.become(change(entry(egress(5, from(2)))));
        assertThat(node.identityOf(Address.of("203.0.113.9"))).isEqualTo(ClassRules.WORLD);
        assertThat(node.policies.at(5).orElseThrow().contents()).hasSize(1);
        assertThat(node.policies.at(6).orElseThrow().contents()).hasSize(1);
        node.become(change(entry(egress(5, from("198.51.100.0/24")))));
        assertThat(node.identityOf(Address.of("198.51.100.9"))).isGreaterThan(identity);
    }

    @Test
    void aClassThatIsTooLargeIsRefusedAndTheOldOneStays() {
        node = new PolicyNode(state, 4);
        node.become(change(entry(ingress(5, from(300)))));
        var applied = node.become(change(entry(ingress(5, identities(5)))));
        assertThat(applied)
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals()).singleElement().satisfies(refusal -> {
                            assertThat(refusal.key()).isEqualTo(Table.CLASSES.item("5"));
                            assertThat(refusal.reason()).isEqualTo(Reason.MAP_FULL);
                            assertThat(refusal.message()).isEqualTo("5 entries on this node, a class may have 4");
                        }));
        assertThat(node.verdict(5, IN, 300, TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, IN, 1002, TCP, 80)).isEqualTo(Judge.DENIED);
        assertThat(node.become(change(entry(ingress(5, identities(4)))))).isEqualTo(Applied.done());
        assertThat(node.verdict(5, IN, 1002, TCP, 80)).isEqualTo(Judge.ALLOWED);
    }

    @Test
    void aBlockThatMakesAnotherClassTooLargeIsRefusedToTheClassThatBringsIt() {
        node = new PolicyNode(state, 4);
        var wide = egress(5, tcp(from(2), 1), tcp(from(2), 2), tcp(from(2), 3));
        node.become(change(entry(wide)));
        var applied = node.become(change(entry(egress(6, from("203.0.113.0/24")))));
        assertThat(applied)
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals())
                                .extracting(refusal -> refusal.key().key())
                                .containsExactly("6"));
        assertThat(node.identityOf(Address.of("203.0.113.9"))).isEqualTo(ClassRules.WORLD);
        node.become(change(entry(egress(5, from(2)))));
        assertThat(node.verdict(6, OUT, "203.0.113.9", TCP, 80)).isEqualTo(Judge.ALLOWED);
        assertThat(node.verdict(5, OUT, "203.0.113.9", TCP, 80)).isEqualTo(Judge.ALLOWED);
    }

    @Test
    void aKernelThatRefusesIsAskedAgain() {
        node.classes.refuse(5, 12);
        assertThat(node.become(change(entry(ingress(5, from(300))))))
                .isInstanceOfSatisfying(
                        Applied.Retry.class,
                        retry -> assertThat(retry.refusals())
                                .extracting(refusal -> refusal.key().key())
                                .containsExactly("5"));
        node.classes.accept(5);
        assertThat(node.apply()).isEqualTo(Applied.done());
        assertThat(node.verdict(5, IN, 300, TCP, 80)).isEqualTo(Judge.ALLOWED);
    }

    @Test
    void aLargeChangeSwapsTheMapInOneStep() {
        node.become(change(entry(ingress(5, from(300)))));
        node.become(change(entry(ingress(5, identities(ClassTable.MOST_IN_PLACE + 1)))));
        assertThat(node.policies.puts()).isEqualTo(2);
        node.become(change(entry(ingress(5, identities(ClassTable.MOST_IN_PLACE - 10)))));
        assertThat(node.policies.puts()).isEqualTo(2);
        assertThat(node.policies.at(5).orElseThrow().contents()).hasSize(ClassTable.MOST_IN_PLACE - 10);
        assertThat(node.classes.lookup(5).orElseThrow().flags()).isEqualTo(PolicyClass.ENFORCE_INGRESS);
    }

    private static PolicyEntry.Builder[] identities(int count) {
        return IntStream.range(0, count).mapToObj(i -> from(1000 + i)).toArray(PolicyEntry.Builder[]::new);
    }
}
