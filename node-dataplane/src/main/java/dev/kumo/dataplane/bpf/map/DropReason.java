// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

/** Why the kernel half let a packet end, in the order of C's {@code enum drop_reason}; the first counts packets that went on. */
public enum DropReason {
    FORWARDED,
    INVALID_PACKET,
    UNSUPPORTED_PROTOCOL,
    ENDPOINT_UNKNOWN,
    SPOOFED_SOURCE,
    IDENTITY_UNKNOWN,
    VIP_UNKNOWN_PORT,
    NO_BACKEND,
    SOURCE_RANGE_DENIED,
    CT_FULL,
    SNAT_PORTS_EXHAUSTED,
    FRAGMENT_UNKNOWN,
    NO_TUNNEL,
    TRANSLATION_FAILED,
    OVERLAY_UNEXPECTED,
    ICMP_UNRELATED,
    TTL_EXCEEDED,
    POLICY_DENIED,
    POLICY_UNKNOWN,
    POLICY_CHANGED,
    PROXY_UNAVAILABLE,
    ARP_ANSWERED;

    private static final DropReason[] ALL = values();

    /** Whether a packet was lost for it: neither went on nor was answered here. */
    public static boolean isLoss(int number) {
        return number != FORWARDED.ordinal() && number != ARP_ANSWERED.ordinal();
    }

    /** The reason's name, or its number if this version doesn't know it. */
    public static String nameOf(int number) {
        return number >= 0 && number < ALL.length ? ALL[number].name() : Integer.toString(number);
    }
}
