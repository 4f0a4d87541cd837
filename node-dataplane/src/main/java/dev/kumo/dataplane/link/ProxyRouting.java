// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import java.util.List;
import java.util.Set;

/**
 * Routes packets that the kernel half has turned to a local proxy: whatever their destination, they are for this node. The
 * programs mark them and choose the socket; without these rules the stack would forward them. Steps may be repeated.
 */
final class ProxyRouting {
    /** {@code MARK_TO_PROXY} of bpf/include and its mask. */
    private static final int MARK = 0x200;

    private static final int MASK = 0xf00;
    private static final int TABLE = 2004;
    private static final int TABLE_MAIN = 254;
    private static final String LOOPBACK = "lo";
    private static final int ENOENT = 2;
    private static final int ESRCH = 3;
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;

    private static final List<MarkRule> RULES = List.of(
            // Reverse-path lookups that heed the mark (src_valid_mark) run as if from lo: they ask for the real route
            // back.
            new MarkRule(8, LOOPBACK, MARK, MASK, TABLE_MAIN), new MarkRule(9, "", MARK, MASK, TABLE));

    private final RouteNetlink netlink;

    ProxyRouting(RouteNetlink netlink) {
        this.netlink = netlink;
    }

    /** The route comes first: until then a marked packet would be forwarded. */
    void ensure() {
        int loopback = Rtnetlink.link(
                        netlink.call(Rtnetlink.getLink(LOOPBACK), "find lo").getFirst())
                .index();
        netlink.call(Rtnetlink.everythingLocal(loopback, TABLE), "add the local route of table " + TABLE);
        for (var rule : RULES) {
            callUnless(Set.of(EEXIST), Rtnetlink.addRule(rule), "add rule " + rule);
        }
    }

    void remove() {
        for (var rule : RULES.reversed()) {
            callUnless(Set.of(ENOENT), Rtnetlink.deleteRule(rule), "delete rule " + rule);
        }
        // Without its route the table itself may not exist.
        callUnless(
                Set.of(ESRCH, EINVAL, ENOENT),
                Rtnetlink.deleteEverythingLocal(TABLE),
                "delete the local route of table " + TABLE);
    }

    /** Some refusals say that all is as it should be. */
    private void callUnless(Set<Integer> fine, NetlinkMessage message, String what) {
        try {
            netlink.call(message, what);
        } catch (LinkException e) {
            if (!fine.contains(e.errno())) {
                throw e;
            }
        }
    }
}
