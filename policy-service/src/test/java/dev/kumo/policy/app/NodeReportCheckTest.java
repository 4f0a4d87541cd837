// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.contract.policy.v1.NodeState;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeReportCheckTest {
    private final Map<String, PodView> pods = Map.of(
            "shop/web", pod("u1", "web", "w1", false),
            "shop/elsewhere", pod("u2", "elsewhere", "w2", false),
            "shop/unbound", pod("u3", "unbound", "", false),
            "shop/host", pod("u4", "host", "w1", true));
    private final Map<String, NodeView> nodes = Map.of("w1", node("w1", "10.244.0.0/24"));
    private final NodeReportCheck check = new NodeReportCheck(pods::get, nodes::get);

    @Test
    void aNodeMaySpeakOfItsOwnPodsAndOfThoseThatAreNotSeenYet() {
        assertThat(check.check("w1", report("u1", "web", "10.244.0.7"))).isEmpty();
        assertThat(check.check("w1", report("u3", "unbound", "10.244.0.8"))).isEmpty();
        assertThat(check.check("w1", report("u9", "unseen", "10.244.0.9"))).isEmpty();
        assertThat(check.check("w1", report("u8", "web", "10.244.0.10")))
                .as("a pod of the same name that was made anew")
                .isEmpty();
    }

    @Test
    void aNodeMayNotSpeakOfAnothersPodsNorOfPodsOfItsOwnNetwork() {
        assertThat(reason(check.check("w1", report("u2", "elsewhere", "10.244.0.7"))))
                .contains(Reason.UNKNOWN_POD);
        assertThat(reason(check.check("w1", report("u4", "host", "10.244.0.7"))))
                .contains(Reason.UNKNOWN_POD);
    }

    @Test
    void anAddressMustLieInTheNodesRange() {
        assertThat(reason(check.check("w1", report("u1", "web", "10.244.1.7")))).contains(Reason.ADDRESS_OUTSIDE_RANGE);
        assertThat(reason(check.check("w9", report("u9", "unseen", "10.244.1.7"))))
                .contains(Reason.ADDRESS_OUTSIDE_RANGE);
    }

    @Test
    void aNodeMayNotSpeakForAnother() {
        assertThat(check.check("w1", state("w1", "w1"))).isEmpty();
        assertThat(reason(check.check("w1", state("w2", "w1")))).contains(Reason.WRONG_NODE);
        assertThat(reason(check.check("w1", state("w1", "w2")))).contains(Reason.WRONG_NODE);
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsReason() {
        var garbage = new StateItem(
                report("u1", "web", "10.244.0.7").key(),
                0,
                ByteString.copyFromUtf8("\u0001garbage"),
                dev.kumo.stream.Audience.everyNode());
        var shortAddress = StateItem.of(
                "endpoint_reports",
                "u1",
                EndpointReport.newBuilder()
                        .setPodUid("u1")
                        .setAddress(ByteString.copyFrom(new byte[4]))
                        .build());
        var otherKey = StateItem.of(
                "endpoint_reports",
                "u7",
                EndpointReport.newBuilder()
                        .setPodUid("u1")
                        .setAddress(address("10.244.0.7"))
                        .build());

        assertThat(reason(check.check("w1", garbage))).contains(Reason.MALFORMED);
        assertThat(reason(check.check("w1", shortAddress))).contains(Reason.MALFORMED);
        assertThat(reason(check.check("w1", otherKey))).contains(Reason.MALFORMED);
        assertThat(reason(check.check("w1", StateItem.of("secrets", "x", NodeState.getDefaultInstance()))))
                .contains(Reason.UNSUPPORTED);
    }

    private static Optional<Reason> reason(Optional<ItemRefusal> refusal) {
        return refusal.map(ItemRefusal::reason);
    }

    private static StateItem report(String uid, String pod, String address) {
        return StateItem.of(
                "endpoint_reports",
                uid,
                EndpointReport.newBuilder()
                        .setPodUid(uid)
                        .setNamespace("shop")
                        .setPod(pod)
                        .setAddress(address(address))
                        .build());
    }

    private static StateItem state(String key, String node) {
        return StateItem.of(
                "node_states", key, NodeState.newBuilder().setNode(node).build());
    }

    private static ByteString address(String text) {
        return WireAddress.of(new IPAddressString(text).getAddress().getBytes());
    }

    private static PodView pod(String uid, String name, String node, boolean hostNetwork) {
        return new PodView(
                uid, "shop", name, node, "default", new TreeMap<>(), hostNetwork, false, "", new TreeSet<>());
    }

    private static NodeView node(String name, String range) {
        return new NodeView(
                name, List.of(), List.of(), List.of(new IPAddressString(range).getAddress()), true, false, false);
    }
}
