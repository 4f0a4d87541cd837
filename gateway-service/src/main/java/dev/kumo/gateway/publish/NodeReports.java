// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.envoy.v1.EnvoyNodeState;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import java.util.Optional;

/**
 * What nodes say of their Envoys. Each word is decoded when it is asked for, since a node says something of every resource and
 * few are of interest. Entries were checked when they came; one that cannot be decoded counts as absent.
 */
public record NodeReports(ReportTable reports) {
    public static final String RESOURCE_STATES = "resource_states";
    public static final String ENVOY_STATES = "envoy_states";

    public static Optional<ResourceState> resource(StateItem item) {
        try {
            return Optional.of(ResourceState.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    public static Optional<EnvoyNodeState> node(StateItem item) {
        try {
            return Optional.of(EnvoyNodeState.parseFrom(item.value()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** Content hash that the node's Envoy goes by; 0 if it has none. */
    long accepted(String node, String key) {
        return state(node, key).map(ResourceState::getAccepted).orElse(0L);
    }

    /** Why the node's Envoy refuses just this content. */
    Optional<String> refusal(String node, String key, long hash) {
        return state(node, key)
                .filter(state -> hash != 0 && state.getRefused() == hash)
                .map(ResourceState::getMessage);
    }

    /** What keeps a redirect from being in force. */
    Optional<RedirectRefusal> redirectRefusal(String node, String key) {
        return reports.item(node, new ItemKey(ENVOY_STATES, node))
                .flatMap(NodeReports::node)
                .flatMap(state -> state.getRedirectRefusalsList().stream()
                        .filter(refusal -> refusal.getKey().equals(key))
                        .reduce((_, last) -> last));
    }

    private Optional<ResourceState> state(String node, String key) {
        return reports.item(node, new ItemKey(RESOURCE_STATES, node + "/" + key))
                .flatMap(NodeReports::resource);
    }
}
