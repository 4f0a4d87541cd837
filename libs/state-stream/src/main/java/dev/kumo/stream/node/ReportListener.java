// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import dev.kumo.stream.ItemRefusal;
import java.net.InetSocketAddress;

/** Told what a replica did not take of a node's reports. Called on the reports' own thread; must not block. */
@FunctionalInterface
public interface ReportListener {
    /** The entry is sent to that replica again after a while, until it is taken, changed or removed. */
    void refused(InetSocketAddress replica, ItemRefusal refusal);
}
