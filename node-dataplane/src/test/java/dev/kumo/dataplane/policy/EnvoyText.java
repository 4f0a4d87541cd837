// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.dataplane.envoy.EnvoyResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.original_src.v3.OriginalSrc;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** What slots become, as the JSON that Envoy reads. */
final class EnvoyText {
    private static final JsonFormat.TypeRegistry TYPES = JsonFormat.TypeRegistry.newBuilder()
            .add(List.of(
                    Cluster.getDescriptor(),
                    Listener.getDescriptor(),
                    RouteConfiguration.getDescriptor(),
                    RBAC.getDescriptor(),
                    RBACPerRoute.getDescriptor(),
                    Router.getDescriptor(),
                    OriginalDst.getDescriptor(),
                    OriginalSrc.getDescriptor(),
                    HttpConnectionManager.getDescriptor(),
                    HttpProtocolOptions.getDescriptor()))
            .build();
    private static final YAMLMapper YAML = new YAMLMapper();

    private EnvoyText() {}

    /** Documents of a golden case to the resources that they become. */
    static String plan(List<String> documents) {
        return documents.stream()
                .map(EnvoyText::resource)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .map(EnvoyText::json)
                .collect(Collectors.joining("\n---\n", "", "\n"));
    }

    static EnvoyResource resource(String document) {
        try {
            var node = YAML.readTree(document);
            if (node.has("cluster")) {
                return SlotResources.cluster();
            }
            if (node.has("port")) {
                var direction = ClassRules.direction(
                        Direction.valueOf(node.path("direction").asText()));
                return SlotResources.listener(
                        node.path("slot").asInt(), direction, node.path("port").asInt());
            }
            var rules = rules(node);
            return SlotResources.routes(rules.getNumber(), HttpRules.of(rules));
        } catch (IOException e) {
            throw new IllegalArgumentException(document, e);
        }
    }

    static String json(EnvoyResource resource) {
        try {
            return json(
                    switch (resource.name().type()) {
                        case CLUSTER -> Cluster.parseFrom(resource.body().getValue());
                        case LISTENER -> Listener.parseFrom(resource.body().getValue());
                        default -> RouteConfiguration.parseFrom(resource.body().getValue());
                    });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String json(Message message) {
        try {
            return JsonFormat.printer()
                    .usingTypeRegistry(TYPES)
                    .preservingProtoFieldNames()
                    .print(message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpRuleSet rules(JsonNode node) throws IOException {
        var rules = HttpRuleSet.newBuilder();
        JsonFormat.parser().merge(new ObjectMapper().writeValueAsString(node), rules);
        return rules.build();
    }
}
