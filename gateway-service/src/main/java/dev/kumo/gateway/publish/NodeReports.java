// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.publish;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.envoy.v1.EnvoyNodeState;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.contract.envoy.v1.ResourceState;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What nodes say of themselves, decoded. Entries were checked when they came; one that cannot be decoded counts as absent.
 *
 * @param resources per node, by key among {@code resources}
 * @param redirects per node what keeps redirects from being in force, by key among {@code redirects}
 */
public record NodeReports(
        SortedMap<String, Map<String, ResourceState>> resources,
        SortedMap<String, Map<String, RedirectRefusal>> redirects) {
    public static final String RESOURCE_STATES = "resource_states";
    public static final String ENVOY_STATES = "envoy_states";

    public static NodeReports of(ReportTable reports) {
        var resources = new TreeMap<String, Map<String, ResourceState>>();
        var redirects = new TreeMap<String, Map<String, RedirectRefusal>>();
        reports.byNode().forEach((node, items) -> {
            var states = new HashMap<String, ResourceState>();
            var refusals = new HashMap<String, RedirectRefusal>();
            items.forEach((key, item) -> {
                if (key.table().equals(RESOURCE_STATES)) {
                    resource(item).ifPresent(state -> states.put(state.getKey(), state));
                } else {
                    node(item)
                            .ifPresent(state -> state.getRedirectRefusalsList()
                                    .forEach(refusal -> refusals.put(refusal.getKey(), refusal)));
                }
            });
            resources.put(node, states);
            redirects.put(node, refusals);
        });
        return new NodeReports(resources, redirects);
    }

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
        var state = resources.getOrDefault(node, Map.of()).get(key);
        return state == null ? 0 : state.getAccepted();
    }

    /** Why the node's Envoy refuses just this content. */
    Optional<String> refusal(String node, String key, long hash) {
        var state = resources.getOrDefault(node, Map.of()).get(key);
        return state != null && hash != 0 && state.getRefused() == hash
                ? Optional.of(state.getMessage())
                : Optional.empty();
    }

    Optional<RedirectRefusal> redirectRefusal(String node, String key) {
        return Optional.ofNullable(redirects.getOrDefault(node, Map.of()).get(key));
    }
}
