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

    /** The mark that a hook leaves for the next. */
    static int mark(int identity, boolean reply, boolean fromOverlay) {
        return MAGIC
                | identity & 0xff
                | (identity & 0xffff00) << 8
                | (reply ? REPLY : 0)
                | (fromOverlay ? FROM_OVERLAY : 0);
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
