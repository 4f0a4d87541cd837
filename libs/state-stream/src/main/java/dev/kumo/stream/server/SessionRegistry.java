// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.Reason;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The open subscription of each node; a later one ends the earlier one, whose peer may be long gone. Any thread. */
final class SessionRegistry {
    private final ConcurrentMap<String, NodeCall> byNode = new ConcurrentHashMap<>();

    void put(String node, NodeCall call) {
        var earlier = byNode.put(node, call);
        if (earlier != null) {
            earlier.run(() -> earlier.close(Reason.DISCONNECTED, "the node has subscribed again"));
        }
    }

    void remove(String node, NodeCall call) {
        byNode.remove(node, call);
    }
}
