// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpamTest {
    private static final Attachment A = new Attachment("a", "eth0");
    private static final Attachment B = new Attachment("b", "eth0");
    private static final Attachment C = new Attachment("c", "net1");

    @TempDir
    Path directory;

    private final TestNode.MovableClock clock = new TestNode.MovableClock();
    private Ipam ipam;

    @BeforeEach
    void open() {
        ipam = Ipam.open(directory.resolve("ipam.json"), clock);
        ipam.setRanges(List.of(Range.of("10.244.1.0/30")));
    }

    @Test
    void neitherNetworkNorBroadcastAddressIsGivenOut() {
        assertThat(List.of(allocate(A), allocate(B)))
                .containsExactly(Address.of("10.244.1.1"), Address.of("10.244.1.2"));
        assertExhausted(C);
    }

    @Test
    void theSameOwnerGetsTheSameAddress() {
        assertThat(allocate(A)).isEqualTo(allocate(A));
    }

    @Test
    void anAddressRestsForThirtySecondsAlsoAcrossARestart() {
        allocate(A);
        allocate(B);
        ipam.release(A);
        clock.advance(Duration.ofSeconds(29));
        open();
        assertExhausted(C);
        assertThat(ipam.refusal()).isPresent();
        clock.advance(Duration.ofSeconds(1));

        assertThat(allocate(C)).isEqualTo(Address.of("10.244.1.1"));
    }

    @Test
    void theAddressThatRestedLongestComesNext() {
        ipam.setRanges(List.of(Range.of("10.244.1.0/29")));
        var first = allocate(A);
        ipam.release(A);
        clock.advance(Duration.ofMinutes(5));

        assertThat(allocate(B)).isNotEqualTo(first);
    }

    @Test
    void anAddressThatOthersStillTakeForSomeoneElsesIsAvoided() {
        ipam.note("10.244.1.1", Address.of("10.244.1.1"));
        ipam.note("10.244.2.1", Address.of("10.244.2.1"));

        assertThat(allocate(A)).isEqualTo(Address.of("10.244.1.2"));
        assertThatThrownBy(() -> allocate(B)).hasMessageContaining("none of 2 addresses is free");
        ipam.forget("10.244.1.1");
        assertThat(allocate(B)).isEqualTo(Address.of("10.244.1.1"));
    }

    @Test
    void theNodesOwnAddressesAreKeptAndNoPodsReleaseTouchesThem() {
        var router = ipam.reserve("router");
        ipam.release(new Attachment("router", ""));
        open();

        assertThat(ipam.reserve("router")).isEqualTo(router);
        assertThat(allocate(A)).isNotEqualTo(router);
        assertThat(ipam.owners()).containsExactly(A);
    }

    @Test
    void ownersAreReadBackAsTheyWere() {
        allocate(A);
        allocate(C);
        open();

        assertThat(ipam.owners()).containsExactlyInAnyOrder(A, C);
        assertThat(ipam.find(C)).isEqualTo(Optional.of(Address.of("10.244.1.2")));
    }

    @Test
    void twoRangesAreOnePool() {
        ipam.setRanges(List.of(Range.of("10.244.1.0/31"), Range.of("10.244.9.4/32")));

        assertThat(List.of(allocate(A), allocate(B), allocate(C)))
                .containsExactly(Address.of("10.244.1.0"), Address.of("10.244.1.1"), Address.of("10.244.9.4"));
    }

    private Address allocate(Attachment owner) {
        return ipam.allocate(owner);
    }

    private void assertExhausted(Attachment owner) {
        assertThatThrownBy(() -> allocate(owner)).isInstanceOf(EndpointException.class);
    }
}
