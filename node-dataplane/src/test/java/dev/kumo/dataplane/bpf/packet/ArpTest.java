// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.announce.ArpFrames;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.ProgramRun;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told what about an announced address, and when the node ceases to tell. */
@Tag("privileged")
class ArpTest {
    private static final String ADDRESS = "172.18.255.1";
    private static final String OTHER = "172.18.255.2";
    private static final String CLIENT = "172.18.0.50";
    private static final MacAddress OWN = MacAddress.of("02:00:00:00:00:11");
    private static final MacAddress FOREIGN = MacAddress.of("02:00:00:00:00:12");
    private static final MacAddress CLIENTS = MacAddress.of("02:00:00:00:00:50");

    private final Node node = new Node(Routing.VXLAN);
    private final byte[] request = ArpFrames.request(CLIENT, CLIENTS, ADDRESS);

    @BeforeEach
    void announce() {
        node.announce(ADDRESS, Announcement.claimed(5, OWN));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aRequestIsAnsweredByTheDeviceThatItCameFrom() {
        var outcome = answered(request);
        assertThat(outcome.destinationMac()).isEqualTo(CLIENTS);
        assertThat(outcome.sourceMac()).isEqualTo(OWN);
        assertThat(Arrays.copyOf(outcome.run().packet(), 42))
                .isEqualTo(Arrays.copyOf(ArpFrames.reply(ADDRESS, OWN, CLIENT, CLIENTS), 42));
    }

    @Test
    void aProbeInNobodysNameIsAnsweredToo() {
        var outcome = answered(ArpFrames.probe(ADDRESS, CLIENTS));
        assertThat(Arrays.copyOf(outcome.run().packet(), 42))
                .isEqualTo(Arrays.copyOf(ArpFrames.reply(ADDRESS, OWN, "0.0.0.0", CLIENTS), 42));
    }

    @Test
    void aFrameWithoutPaddingIsEnough() {
        answered(Arrays.copyOf(request, 42));
    }

    @Test
    void otherAddressesAreTheStacks() {
        passed(ArpFrames.request(CLIENT, CLIENTS, OTHER));
        passed(ArpFrames.request(CLIENT, CLIENTS, Node.ADDRESS));
    }

    @Test
    void aClaimMakesTheNodeYieldWithinThePacketAndSaysToWhom() {
        passed(ArpFrames.claim(true, ADDRESS, FOREIGN, 6, 1));
        var row = node.announcement(ADDRESS);
        assertThat(row)
                .isEqualTo(new Announcement(5, 6, Announcement.YIELDED, 1, OWN, FOREIGN))
                .matches(Announcement::isYielded);
        passed(request);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClaimOfAStrangerSaysNothingOfTerms(boolean asRequest) {
        passed(ArpFrames.foreignClaim(asRequest, ADDRESS, FOREIGN));
        assertThat(node.announcement(ADDRESS)).isEqualTo(new Announcement(5, 0, Announcement.YIELDED, 0, OWN, FOREIGN));
        passed(request);
    }

    @Test
    void anAnswerOrARequestOfAnotherHostUnderTheAddressIsAClaim() {
        passed(ArpFrames.reply(ADDRESS, FOREIGN, CLIENT, CLIENTS));
        assertThat(node.announcement(ADDRESS).isYielded()).isTrue();
        node.announce(ADDRESS, Announcement.claimed(6, OWN));
        passed(ArpFrames.request(ADDRESS, FOREIGN, CLIENT));
        assertThat(node.announcement(ADDRESS).isYielded()).isTrue();
    }

    @Test
    void theOwnClaimThatASwitchReflectsIsNone() {
        passed(ArpFrames.claim(true, ADDRESS, OWN, 5, 0));
        assertThat(node.announcement(ADDRESS).isYielded()).isFalse();
        answered(request);
    }

    @Test
    void whatIsClaimedIsThatAddressAlone() {
        passed(ArpFrames.claim(true, OTHER, FOREIGN, 9, 0));
        answered(request);
    }

    @Test
    void aRequestOfAHostThatClaimsOneAddressIsAnsweredForAnother() {
        node.announce(OTHER, Announcement.claimed(5, OWN));
        answered(ArpFrames.request(ADDRESS, FOREIGN, OTHER));
        assertThat(node.announcement(ADDRESS).isYielded()).isTrue();
    }

    /** Byte 15 hardware, 16 protocol, 18 and 19 lengths, 21 operation. */
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 18, 19, 21})
    void whatIsNoArpBetweenEthernetAndIpv4IsTheStacks(int place) {
        var odd = request.clone();
        odd[place] = 99;
        passed(odd);
        var oddClaim = ArpFrames.claim(true, ADDRESS, FOREIGN, 6, 1);
        oddClaim[place] = 99;
        passed(oddClaim);
        assertThat(node.announcement(ADDRESS).isYielded()).isFalse();
    }

    @Test
    void aTruncatedOneIsTheStacks() {
        passed(Arrays.copyOf(request, 41));
    }

    @Test
    void aFrameForAnotherHostIsNone() {
        var elsewhere = request.clone();
        Arrays.fill(elsewhere, 0, 6, (byte) 0x02);
        passed(elsewhere);
    }

    private Outcome answered(byte[] frame) {
        var outcome = node.run("from_netdev", frame, 0);
        assertThat(outcome.counted()).isEqualTo(DropReason.ARP_ANSWERED);
        assertThat(outcome.run().verdict()).isEqualTo(ProgramRun.REDIRECT);
        return outcome;
    }

    private void passed(byte[] frame) {
        var outcome = node.run("from_netdev", frame, 0);
        assertThat(outcome.counted()).isEqualTo(DropReason.FORWARDED);
        assertThat(outcome.run().verdict()).isEqualTo(ProgramRun.OK);
        assertThat(outcome.run().packet()).isEqualTo(frame);
    }
}
