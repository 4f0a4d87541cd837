// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.ProgramRun;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.Arrays;

/**
 * What became of a packet at one hook.
 *
 * @param counted the reason whose counter went up
 */
record Outcome(ProgramRun run, DropReason counted) {
    private static final int MAGIC = 0x0f00;
    private static final int REPLY = 0x1000;
    private static final int FROM_OVERLAY = 0x2000;
    private static final int LOCAL = 0x4000;
    private static final int FIRST_LOCAL = 1 << 24;

    /** To Envoy. */
    static final int TO_PROXY = 0x200;
    /** Envoy, to a pod whose ingress rules it has applied. */
    static final int INGRESS_UPSTREAM = 0xa00;
    /** Envoy, to a client. */
    static final int ACCEPTED = 0xb00;
    /** Envoy, for a pod whose egress rules it has applied. */
    static final int GATEWAY_UPSTREAM = 0xC00;

    static final int EGRESS_UPSTREAM = 0xd00;

    /** The mark that a hook leaves for the next. */
    static int mark(int identity, boolean reply, boolean fromOverlay) {
        return MAGIC
                | identity & 0xff
                | (identity & 0xffff00) << 8
                | (reply ? REPLY : 0)
                | (fromOverlay ? FROM_OVERLAY : 0)
                | (identity >= FIRST_LOCAL ? LOCAL : 0);
    }

    /** Went on to the stack. */
    Packet passed() {
        assertThat(counted).isEqualTo(DropReason.FORWARDED);
        assertThat(run.verdict()).isEqualTo(ProgramRun.OK);
        return PacketReader.read(run.packet());
    }

    /** Left by another device. */
    Packet redirected() {
        assertThat(counted).isEqualTo(DropReason.FORWARDED);
        assertThat(run.verdict()).isEqualTo(ProgramRun.REDIRECT);
        return PacketReader.read(run.packet());
    }

    /** Turned into an answer to its sender. */
    Packet refused() {
        assertThat(counted).isEqualTo(DropReason.NO_BACKEND);
        assertThat(run.verdict()).isEqualTo(ProgramRun.REDIRECT);
        return PacketReader.read(run.packet());
    }

    /** Turned into the end of its connection, on its way by a verdict of {@link ProgramRun}. */
    Packet reset(int verdict) {
        assertThat(counted).isEqualTo(DropReason.POLICY_CHANGED);
        assertThat(run.verdict()).isEqualTo(verdict);
        return PacketReader.read(run.packet());
    }

    /** Back to the ingress hook of its own link, for the listener at a port. */
    void turnedRound(int port) {
        redirected();
        // In the mark the port lies in network order.
        assertThat(run.mark()).isEqualTo(TO_PROXY | (port & 0xff) << 24 | (port >> 8) << 16);
    }

    void handedToProxy() {
        passed();
        assertThat(run.mark()).isEqualTo(TO_PROXY);
    }

    void dropped(DropReason reason) {
        assertThat(counted).isEqualTo(reason);
        assertThat(run.verdict()).isEqualTo(ProgramRun.SHOT);
    }

    Outcome marked(int identity, boolean reply, boolean fromOverlay) {
        assertThat(run.mark()).isEqualTo(mark(identity, reply, fromOverlay));
        return this;
    }

    MacAddress destinationMac() {
        return MacAddress.of(Arrays.copyOf(run.packet(), 6));
    }

    MacAddress sourceMac() {
        return MacAddress.of(Arrays.copyOfRange(run.packet(), 6, 12));
    }
}
