// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import java.util.List;

/** Numbers of IP protocols (IANA "Protocol Numbers"). */
public final class Protocol {
    public static final int ANY = 0;
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;

    /** Those with ports: what protocol ANY means beside a port. */
    public static final List<Integer> WITH_PORTS = List.of(TCP, UDP, SCTP);

    private Protocol() {}
}
