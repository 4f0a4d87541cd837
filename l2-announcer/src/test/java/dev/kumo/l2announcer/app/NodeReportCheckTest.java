// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kumo.contract.announcement.v1.AnnouncementState;
import dev.kumo.contract.announcement.v1.HeldAddress;
import dev.kumo.contract.announcement.v1.LanLink;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeReportCheckTest {
    private final NodeReportCheck check = new NodeReportCheck(() -> List.of(
            new NodeView("w1", new TreeMap<>(), true, Set.of("172.18.0.11")),
            new NodeView("w2", new TreeMap<>(), true, Set.of("172.18.0.12"))));

    @Test
    void aNodeMaySpeakOfItselfAndItsLinks() {
        assertThat(refusal("w1", "w1", state("w1", "172.18.0.11"))).isEmpty();
        assertThat(refusal("w1", "w1", state("w1", "172.19.0.11"))).isEmpty();
    }

    @Test
    void aNodeMayNotSpeakForAnotherNorHaveItsAddress() {
        assertThat(refusal("w1", "w2", state("w2", "172.18.0.12"))).contains(Reason.WRONG_NODE);
        assertThat(refusal("w1", "w1", state("w2", "172.18.0.11"))).contains(Reason.WRONG_NODE);
        assertThat(refusal("w1", "w1", state("w1", "172.18.0.12"))).contains(Reason.WRONG_NODE);
    }

    @Test
    void whatIsNoReportIsRefused() {
        var short4 = LanLink.newBuilder().setName("eth0").setAddress(ByteString.copyFrom(new byte[4]));
        assertThat(refusal(
                        "w1",
                        "w1",
                        AnnouncementState.newBuilder()
                                .setNode("w1")
                                .addLinks(short4)
                                .build()))
                .contains(Reason.MALFORMED);
        assertThat(refusal(
                        "w1",
                        "w1",
                        AnnouncementState.newBuilder()
                                .setNode("w1")
                                .addHeld(HeldAddress.newBuilder().setTerm(1))
                                .build()))
                .contains(Reason.MALFORMED);
        var other = StateItem.of("node_states", "w1", state("w1", "172.18.0.11"));
        assertThat(check.check("w1", other).map(ItemRefusal::reason)).contains(Reason.UNSUPPORTED);
    }

    private Optional<Reason> refusal(String caller, String key, AnnouncementState state) {
        return check.check(caller, StateItem.of(NodeReports.TABLE, key, state)).map(ItemRefusal::reason);
    }

    private static AnnouncementState state(String node, String link) {
        return AnnouncementState.newBuilder()
                .setNode(node)
                .addLinks(LanLink.newBuilder()
                        .setName("eth0")
                        .setAddress(WireAddress.of(
                                new IPAddressString(link).getAddress().getBytes()))
                        .setUp(true))
                .build();
    }
}
