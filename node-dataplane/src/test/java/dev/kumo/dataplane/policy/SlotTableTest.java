// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.TCP;
import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.rules;
import static dev.kumo.dataplane.policy.Classes.slot;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ResourceName;
import dev.kumo.dataplane.envoy.ResourceType;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTableTest {
    private static final PolicyEntry FILTERED = new PolicyEntry(0, 7);

    @TempDir
    Path state;

    private PolicyNode node;

    @BeforeEach
    void start() {
        node = new PolicyNode(state);
        node.become(change(entry(ingress(5))));
        assertThat(node.events).containsExactly("publish CLUSTER kumo-original-destination");
        node.events.clear();
    }

    @Test
    void envoyGoesByAListenerAndItsRulesBeforeTheKernelIsToldOfIt() {
        node.takes = resource -> resource.name().type() == ResourceType.CLUSTER;
        assertThat(node.become(change(withSlot(), rules(7, "GET", "/color")))).isInstanceOf(Applied.Later.class);
        assertThat(node.events).containsExactly("publish LISTENER kumo-slot-7", "publish ROUTES kumo-slot-7");
        assertThat(verdict()).isEqualTo(Judge.DENIED);
        node.take(listener());
        assertThat(node.apply()).isInstanceOf(Applied.Later.class);
        assertThat(node.slots.contents()).isEmpty();
        node.take(routes());
        assertThat(node.apply()).isEqualTo(Applied.done());
        assertThat(node.slots.contents()).containsEntry("7", new SlotPort(11_000));
        assertThat(verdict()).isEqualTo(FILTERED);
    }

    @Test
    void aClassWaitsTwoSecondsForEnvoyAndThenDropsWhatItsSlotIsToJudge() {
        node.takes = _ -> false;
        assertThat(node.become(change(withSlot(), rules(7, "GET", "/color")))).isInstanceOf(Applied.Later.class);
        node.nanos += SlotTable.PATIENCE.toNanos();
        assertThat(node.apply()).isEqualTo(Applied.done());
        assertThat(verdict()).isEqualTo(FILTERED);
        assertThat(node.slots.contents()).isEmpty();
    }

    @Test
    void whatEnvoyRefusesAfterTheAcknowledgementIsToldAndThatItIsOver() {
        node.takes = _ -> false;
        node.become(change(withSlot(), rules(7, "GET", "/color(")));
        node.nanos += SlotTable.PATIENCE.toNanos();
        assertThat(node.apply()).isEqualTo(Applied.done());
        assertThat(node.standing).isEmpty();

        node.refuse(routes(), "missing )");
        node.apply();
        assertThat(node.standing).extracting(ItemRefusal::reason).containsExactly(Reason.PROXY_REFUSED);
        node.takes = _ -> true;
        node.become(change(rules(7, "GET", "/color")));
        assertThat(node.standing).isEmpty();
    }

    @Test
    void aNewClassWaitsForNobodySinceNoPodIsOfItYet() {
        node.takes = _ -> false;
        node.become(change(entry(ingress(6, tcp(from(300), 8080).setSlot(8)).addSlots(slot(8, 8)))));
        assertThat(node.verdict(6, FlowDirection.INGRESS, 300, TCP, 8080)).isEqualTo(new PolicyEntry(0, 8));
        assertThat(node.slots.contents()).isEmpty();
    }

    @Test
    void withoutAnyEnvoyNothingIsWaitedFor() {
        node.takes = _ -> false;
        node.connected = false;
        assertThat(node.become(change(withSlot(), rules(7, "GET", "/color")))).isEqualTo(Applied.done());
        assertThat(verdict()).isEqualTo(FILTERED);
        assertThat(node.slots.contents()).isEmpty();
    }

    @Test
    void anEditOfRulesChangesOnlyTheRoutesAndIsDoneOnceEnvoyGoesByThem() {
        node.become(change(withSlot(), rules(7, "GET", "/color")));
        node.events.clear();
        node.takes = _ -> false;
        assertThat(node.become(change(rules(7, "POST", "/color")))).isInstanceOf(Applied.Later.class);
        assertThat(node.events).containsExactly("publish ROUTES kumo-slot-7");
        assertThat(node.slots.contents()).containsKey("7");
        node.take(routes());
        assertThat(node.apply()).isEqualTo(Applied.done());
    }

    @Test
    void whatEnvoyRefusesIsRefusedToTheRulesAlone() {
        node.become(change(withSlot(), rules(7, "GET", "/color")));
        node.takes = _ -> false;
        node.tell(change(withSlot(), rules(7, "GET", "/color(")));
        node.apply();
        node.refuse(routes(), "missing )");
        assertThat(node.apply())
                .isEqualTo(Applied.done(List.of(
                        new ItemRefusal(Table.RULE_SETS.item("7"), Reason.PROXY_REFUSED, "slot 7: missing )"))));
        assertThat(node.become(change(rules(7, "GET", "/colour")))).isInstanceOf(Applied.Later.class);
    }

    @Test
    void aPortThatSomebodyElseHasIsLeftForAnother() {
        node.takes = resource -> resource.name().type() != ResourceType.LISTENER;
        node.become(change(withSlot(), rules(7, "GET", "/color")));
        node.refuse(listener(), "cannot bind '127.0.0.1:11000': Address already in use");
        node.takes = _ -> true;
        assertThat(node.apply()).isEqualTo(Applied.done());
        assertThat(node.slots.contents()).containsEntry("7", new SlotPort(11_001));
    }

    @Test
    void aSlotThatNoClassNamesLosesItsRowBeforeItsListener() {
        node.become(change(withSlot(), rules(7, "GET", "/color")));
        node.events.clear();
        node.become(change(entry(ingress(5, tcp(from(300), 8080)))));
        assertThat(node.events)
                .containsExactly("row 7 Optional.empty", "remove LISTENER kumo-slot-7", "remove ROUTES kumo-slot-7");
        assertThat(verdict()).isEqualTo(Judge.ALLOWED);
    }

    @Test
    void aRestartKeepsRowsAndPortsWhetherEnvoyIsThereOrNot() {
        node.become(change(withSlot(), rules(7, "GET", "/color")));
        node.start();
        node.events.clear();
        node.connected = false;
        assertThat(node.become(change(withSlot(), rules(7, "GET", "/color")))).isEqualTo(Applied.done());
        assertThat(node.events).doesNotContain("row 7 Optional.empty");
        assertThat(node.slots.contents()).containsEntry("7", new SlotPort(11_000));
    }

    @Test
    void rulesThatAreNotKnownLetNothingPass() {
        node.become(change(withSlot()));
        assertThat(routes()).isEqualTo(SlotResources.routes(7, HttpRules.denyAll()));
    }

    private static Entry withSlot() {
        return entry(ingress(5, tcp(from(300), 8080).setSlot(7)).addSlots(slot(7, 7)));
    }

    private PolicyEntry verdict() {
        return node.verdict(5, FlowDirection.INGRESS, 300, TCP, 8080);
    }

    private EnvoyResource listener() {
        return published(ResourceType.LISTENER);
    }

    private EnvoyResource routes() {
        return published(ResourceType.ROUTES);
    }

    private EnvoyResource published(ResourceType type) {
        return Objects.requireNonNull(node.published.get(new ResourceName(type, "kumo-slot-7")));
    }
}
