// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.contract.envoy.v1.EnvoyNodeState;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Tells gateway-service what this node's Envoy makes of its resources; equal states once. Apply-loop thread only. */
final class ResourceReports {
    private static final String STATES = "resource_states";
    private static final String NODES = "envoy_states";

    private final String node;
    private final Consumer<StateItem> put;
    private final Consumer<ItemKey> remove;
    private final Map<String, ResourceState> told = new HashMap<>();

    ResourceReports(String node, Consumer<StateItem> put, Consumer<ItemKey> remove) {
        this.node = node;
        this.put = put;
        this.remove = remove;
    }

    /** In place of all that was told before, by key of the feed's items. */
    void tell(Map<String, Acceptance> states) {
        states.forEach((key, acceptance) -> {
            var state = acceptance.state(node, key);
            if (!state.equals(told.put(key, state))) {
                put.accept(StateItem.of(STATES, reportKey(key), state));
            }
        });
        for (var key : new ArrayList<>(told.keySet())) {
            if (!states.containsKey(key)) {
                told.remove(key);
                remove.accept(new ItemKey(STATES, reportKey(key)));
            }
        }
    }

    void tell(boolean connected, Collection<RedirectRefusal> refusals) {
        put.accept(StateItem.of(
                NODES,
                node,
                EnvoyNodeState.newBuilder()
                        .setNode(node)
                        .setConnected(connected)
                        .addAllRedirectRefusals(refusals)
                        .build()));
    }

    Set<String> told() {
        return Set.copyOf(told.keySet());
    }

    private String reportKey(String key) {
        return node + "/" + key;
    }
}
