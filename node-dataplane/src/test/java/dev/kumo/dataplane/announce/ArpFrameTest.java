// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArpFrameTest {
    private static final Address ADDRESS = Address.of("172.18.255.1");
    private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:11");

    @Test
    void aClaimIsAnAnnouncementWithItsRankInThePadding() {
        var claim = ArpFrame.claim(true, ADDRESS, MAC, new Rank(0x1122, 3));
        assertThat(HexFormat.of().formatHex(claim.toBytes()))
                .isEqualTo("ffffffffffff" + "020000000011" + "0806" + "0001080006040001"
                        + "020000000011ac12ff01" + "000000000000ac12ff01"
                        + "4b554d4f" + "0000000000001122" + "0003" + "00000000");
        assertThat(ArpFrame.read(claim.toBytes(), ArpFrame.LENGTH)).contains(claim);
    }

    @Test
    void aProbeSpeaksInNobodysName() {
        var probe = ArpFrame.probe(ADDRESS, MAC);
        assertThat(HexFormat.of().formatHex(probe.toBytes()))
                .startsWith("ffffffffffff" + "020000000011" + "0806" + "0001080006040001" + "02000000001100000000"
                        + "000000000000ac12ff01" + "0000");
        var host = MacAddress.of("02:00:00:00:00:12");
        assertThat(HexFormat.of().formatHex(probe.to(host).toBytes())).startsWith("020000000012");
    }

    @Test
    void aFrameWithoutPaddingHasNoRank() {
        var claim = ArpFrame.claim(false, ADDRESS, MAC, new Rank(7, 0));
        var read = ArpFrame.read(claim.toBytes(), 42).orElseThrow();
        assertThat(read.rank()).isEqualTo(Optional.empty());
        assertThat(read.request()).isFalse();
    }

    @Test
    void whatIsNoArpIsNotRead() {
        var bytes = ArpFrame.probe(ADDRESS, MAC).toBytes();
        assertThat(ArpFrame.read(bytes, 41)).isEmpty();
        for (int place : new int[] {12, 15, 16, 18, 19, 21}) {
            var odd = bytes.clone();
            odd[place] = 99;
            assertThat(ArpFrame.read(odd, odd.length)).as("byte %d", place).isEmpty();
        }
    }
}
