// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

/**
 * What a program did with a packet.
 *
 * @param verdict TC_ACT_*: 0 on, 2 dropped, 7 redirected
 * @param packet as the program left it
 * @param mark of the packet afterwards
 */
public record ProgramRun(int verdict, byte[] packet, int mark, int durationNanos) {
    public static final int OK = 0;
    public static final int SHOT = 2;
    public static final int REDIRECT = 7;
}
