// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.l2announcer.model.Assignment;
import dev.kumo.l2announcer.model.Holder;
import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceRef;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaseCodecTest {
    private static final ZonedDateTime EARLY = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final ZonedDateTime LATE = EARLY.plusDays(1);

    @Test
    void whatIsWrittenIsRead() {
        var assignment = assignment(7, "w2", "w1");
        var lease = LeaseCodec.write(named("cilium-l2announce-shop-web"), assignment, EARLY);
        assertThat(LeaseCodec.read(lease).flatMap(LeaseView::assignment)).contains(assignment);
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("w2");
        assertThat(lease.getSpec().getLeaseTransitions()).isZero();
    }

    @Test
    void onlyAnotherHolderIsATransition() {
        var first = LeaseCodec.write(named("cilium-l2announce-shop-web"), assignment(7, "w2", "w1"), EARLY);
        var same = LeaseCodec.write(first, assignment(8, "w2", "w3"), LATE);
        assertThat(same.getSpec().getLeaseTransitions()).isZero();
        assertThat(same.getSpec().getAcquireTime()).isEqualTo(EARLY);
        assertThat(same.getSpec().getRenewTime()).isEqualTo(LATE);
        var moved = LeaseCodec.write(same, assignment(9, "w1"), LATE);
        assertThat(moved.getSpec().getLeaseTransitions()).isEqualTo(1);
        assertThat(moved.getSpec().getAcquireTime()).isEqualTo(LATE);
    }

    @Test
    void otherNamesAreNoneOfOurs() {
        assertThat(LeaseCodec.read(named("l2-announcer"))).isEmpty();
    }

    @Test
    void whatWeCouldNotHaveWrittenIsForeign() {
        var ours = LeaseCodec.write(named("cilium-l2announce-shop-web"), assignment(7, "w2"), EARLY);
        assertThat(LeaseCodec.read(ours))
                .hasValueSatisfying(lease -> assertThat(lease.foreign()).isFalse());
        for (var broken :
                List.of("", "[]", "{", "[{\"address\":\"x\"}]", "[{\"address\":\"172.18.0.200\",\"holders\":[]}]")) {
            var lease = new LeaseBuilder(ours)
                    .editMetadata()
                    .addToAnnotations("kumo.dev/announcement", broken)
                    .endMetadata()
                    .build();
            assertThat(LeaseCodec.read(lease))
                    .as(broken)
                    .hasValueSatisfying(view -> assertThat(view.foreign()).isTrue());
        }
        var taken = new LeaseBuilder(ours)
                .editSpec()
                .withHolderIdentity("worker-7")
                .endSpec()
                .build();
        assertThat(LeaseCodec.read(taken))
                .hasValueSatisfying(lease -> assertThat(lease.foreign()).isTrue());
        assertThat(LeaseCodec.read(named("cilium-l2announce-shop-web")))
                .hasValueSatisfying(lease -> assertThat(lease.foreign()).isTrue());
    }

    @Test
    void aTermIsHigherThanAllThatWasBefore() {
        assertThat(new Terms().next(0, 0, Stream.empty())).isEqualTo(1);
        var terms = new Terms();
        assertThat(terms.next(5, 100, Stream.of(50L, 60L))).isEqualTo(101);
        assertThat(terms.next(5, 100, Stream.empty()))
                .as("nothing new was seen")
                .isEqualTo(102);
        assertThat(terms.next(5, 100, Stream.of(150L))).isEqualTo(151);
        assertThat(terms.next(500, 100, Stream.of(50L))).isEqualTo(501);
    }

    private static Lease named(String name) {
        return new LeaseBuilder().withNewMetadata().withName(name).endMetadata().build();
    }

    private static Assignment assignment(long term, String... nodes) {
        var holders = Stream.of(nodes)
                .map(node -> new Holder(node, address("172.18.0.1" + node.substring(1)), List.of("eth0", "eth1")))
                .toList();
        return new Assignment(
                new ServiceRef("shop", "web"), term, List.of(new HolderList(address("172.18.0.200"), holders)));
    }

    private static IPAddress address(String text) {
        return new IPAddressString(text).getAddress();
    }
}
