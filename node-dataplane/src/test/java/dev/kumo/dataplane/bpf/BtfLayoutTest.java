// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.Hook;
import dev.kumo.dataplane.bpf.map.Peer;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java's records against the objects that the build made. Needs no privilege. */
class BtfLayoutTest {
    private final Btf btf = Btf.of(TestDatapath.OBJECTS.resolve("socket.bpf.o"));

    @Test
    void portsAndAddressesLieInNetworkOrderAndAllElseInTheHosts() {
        var bytes = codec("frontend_key", FrontendKey.class)
                .encode(new FrontendKey(Address.of("10.96.0.10"), 0x1234, 6, FrontendKey.INTERNAL));
        assertThat(bytes).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 96, 0, 10, 0x12, 0x34, 6, 1);
    }

    @Test
    void whatIsEncodedComesBackEqual() {
        var codec = codec("frontend", Frontend.class);
        var frontend = new Frontend(7, 0xfffffff0, 65535, Frontend.AFFINITY, 10800, 0);
        assertThat(codec.decode(codec.encode(frontend))).isEqualTo(frontend);
    }

    @Test
    void aNumberThatDoesNotFitIsRefusedWithItsFieldsName() {
        var codec = codec("frontend_key", FrontendKey.class);
        var key = new FrontendKey(Address.of("10.96.0.10"), 65536, 6, 0);
        assertThatThrownBy(() -> codec.encode(key)).hasMessage("frontend_key port: 65536 does not fit 16 bits");
    }

    @Test
    void aFieldThatJavaLacksIsNamed() {
        record Shorter(Address address, int port, int protocol) {}
        assertThatThrownBy(() -> codec("frontend_key", Shorter.class))
                .isInstanceOf(LayoutException.class)
                .hasMessage("frontend_key: Java's Shorter has no component for C's scope");
    }

    @Test
    void aFieldThatCLacksIsNamed() {
        record Wrong(int identity, int tunnel, int weight) {}
        assertThatThrownBy(() -> codec("peer", Wrong.class))
                .isInstanceOf(LayoutException.class)
                .hasMessage("peer: C has no field weight in {0 identity u32;4 tunnel be32;8}");
    }

    @Test
    void anotherWidthIsRefused() {
        record Wide(long identity, int tunnel) {}
        assertThatThrownBy(() -> codec("peer", Wide.class))
                .isInstanceOf(LayoutException.class)
                .hasMessage("peer identity: C has u32, Java long");
    }

    @Test
    void aTunnelAddressIsItsNumber() {
        var bytes = codec("peer", Peer.class)
                .encode(new Peer(1, Address.of("172.18.0.12").ipv4()));
        assertThat(bytes).endsWith(172, 18, 0, 12);
    }

    /** Which object has an enum depends on what it uses; all have those of the counters. */
    @Test
    void namesOfReasonsHooksAndDirectionsAreThoseOfC() {
        var reasons = btf.findEnum("drop_reason").orElseThrow().values();
        assertThat(reasons.keySet())
                .containsExactlyElementsOf(
                        Stream.of(DropReason.values()).map(Enum::name).toList());
        reasons.forEach((name, number) ->
                assertThat(DropReason.nameOf(number.intValue())).isEqualTo(name));
        var hooks = btf.findEnum("hook").orElseThrow().values();
        assertThat(hooks).hasSize(Hook.values().length);
        hooks.forEach((name, number) ->
                assertThat("HOOK_" + Hook.nameOf(number.intValue())).isEqualTo(name));
        var directions = btf.findEnum("direction").orElseThrow().values();
        assertThat(directions).hasSize(FlowDirection.values().length);
        directions.forEach((name, number) -> assertThat(
                        "DIRECTION_" + FlowDirection.nameOf(number.intValue()).toUpperCase(Locale.ROOT))
                .isEqualTo(name));
    }

    private <T> StructCodec<T> codec(String struct, Class<T> type) {
        return StructCodec.of(btf, btf.findStruct(struct), type, struct);
    }
}
