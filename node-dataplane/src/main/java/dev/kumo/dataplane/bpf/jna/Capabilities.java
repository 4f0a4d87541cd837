// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/** Limits of the calling thread that hold for what it executes (capabilities(7), prctl(2)). The caller owns that thread. */
public final class Capabilities {
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final NativeLong NONE = new NativeLong(0);

    private Capabilities() {}

    /**
     * Takes all capabilities but one from the bounding set, and the right to gain any by set-user-ID programs.
     *
     * @throws IllegalStateException if the kernel refuses
     */
    public static void bound(int kept) {
        for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
            if (capability != kept) {
                demand(prctl(PR_CAPBSET_DROP, capability), "capability " + capability + " can't be dropped");
            }
        }
        demand(prctl(PR_SET_NO_NEW_PRIVS, 1), "no_new_privs can't be set");
    }

    private static int prctl(int option, long argument) {
        return Libc.prctl(option, new NativeLong(argument), NONE, NONE, NONE);
    }

    private static void demand(int result, String otherwise) {
        if (result < 0) {
            throw new IllegalStateException(otherwise + ": error " + Native.getLastError());
        }
    }
}
