// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import dev.kumo.dataplane.state.StickyNumbers;
import java.nio.file.Path;

/** Where on 127.0.0.1 this node's Envoy listens, and which rows of map {@code slots} say so for whom. */
public final class ListenerPorts {
    private static final int FIRST = 11_000;
    private static final int LAST = 19_999;

    private ListenerPorts() {}

    /** Ports by listener: all who have listeners share this one. @param state folder of {@code slots.json} */
    public static StickyNumbers open(Path state) {
        return new StickyNumbers(state.resolve("slots.json"), FIRST, LAST);
    }

    /** Slots of policies have positive numbers, which policy-service gives; the node's own for frontends are negative. */
    public static boolean isOfPolicy(int slot) {
        return slot > 0;
    }

    /** The slot of a frontend's listener, from the node's own number of the listener, 1 or more. */
    public static int frontendSlot(int number) {
        return Integer.MIN_VALUE + number;
    }

    /** A slot as people read it: whose it is and its number; empty for 0, which is none. */
    public static String slotText(int slot) {
        if (slot == 0) {
            return "";
        }
        return isOfPolicy(slot) ? "policy slot " + slot : "gateway slot " + (slot - Integer.MIN_VALUE);
    }

    /** Whether a message of Envoy's says that somebody else has a listener's port. */
    public static boolean isAboutPort(String message) {
        return message.contains("Address already in use") || message.contains("cannot bind");
    }
}
