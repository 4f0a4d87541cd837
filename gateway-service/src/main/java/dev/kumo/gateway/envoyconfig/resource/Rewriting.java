// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.kumo.gateway.envoyconfig.resource.Reference.Target;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes names within messages those that Envoy will know, and lets everything that is discovered be discovered from the node's ADS
 * server, as an absent configuration source means.
 */
final class Rewriting {
    static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();

    /** Fields that name another resource. Of a map, its keys do. */
    private static final Map<String, Target> REFERENCES = Map.ofEntries(
            Map.entry("envoy.config.route.v3.RouteAction.cluster", Target.CLUSTER),
            Map.entry("envoy.config.route.v3.RouteAction.RequestMirrorPolicy.cluster", Target.CLUSTER),
            Map.entry("envoy.config.route.v3.WeightedCluster.ClusterWeight.name", Target.CLUSTER),
            Map.entry("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.cluster", Target.CLUSTER),
            Map.entry(
                    "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight.name",
                    Target.CLUSTER),
            Map.entry(
                    "envoy.extensions.filters.http.health_check.v3.HealthCheck.cluster_min_healthy_percentages",
                    Target.CLUSTER),
            Map.entry("envoy.config.core.v3.HttpUri.cluster", Target.CLUSTER),
            Map.entry("envoy.config.core.v3.GrpcService.EnvoyGrpc.cluster_name", Target.CLUSTER),
            Map.entry(
                    "envoy.extensions.filters.network.http_connection_manager.v3.Rds.route_config_name", Target.ROUTES),
            Map.entry("envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig.name", Target.SECRET));

    /** Messages whose configuration source may be absent, and the field that has it. */
    private static final Map<String, String> SOURCES = Map.of(
            "envoy.extensions.filters.network.http_connection_manager.v3.Rds",
            "config_source",
            "envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig",
            "sds_config");

    private final Function<Reference, String> resolve;
    private boolean sensitive;

    /** @param resolve gives the name that Envoy will know */
    Rewriting(Function<Reference, String> resolve) {
        this.resolve = resolve;
    }

    EnvoyMessage of(EnvoyMessage resource) {
        sensitive = resource.kind() == ResourceKind.SECRET;
        var rewritten = message(resource.message(), resource.path());
        return new EnvoyMessage(resource.kind(), resource.name(), resource.path(), rewritten, sensitive);
    }

    private Message message(Message message, String path) {
        var type = message.getDescriptorForType();
        if (Anys.is(type)) {
            return Anys.convert(type, Anys.pack(message(Anys.unpack(message), path)));
        }
        var builder = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            sensitive |= Sensitivity.of(field);
            builder.setField(field, field(field, value, path + "." + field.getJsonName()));
        });
        source(type.getFullName(), builder);
        return builder.build();
    }

    private Object field(FieldDescriptor field, Object value, String path) {
        var target = REFERENCES.get(field.getFullName());
        if (!field.isRepeated()) {
            return value(value, target, path);
        }
        var items = new ArrayList<Object>();
        for (var item : (List<?>) value) {
            if (field.isMapField()) {
                items.add(entry((Message) item, target, path));
            } else {
                items.add(value(item, target, "%s[%d]".formatted(path, items.size())));
            }
        }
        return items;
    }

    private Message entry(Message entry, @Nullable Target target, String path) {
        var key = entry.getDescriptorForType().findFieldByName("key");
        var value = entry.getDescriptorForType().findFieldByName("value");
        var inner = "%s[%s]".formatted(path, entry.getField(key));
        return entry.toBuilder()
                .setField(key, value(entry.getField(key), target, inner))
                .setField(value, value(entry.getField(value), null, inner))
                .build();
    }

    private Object value(Object value, @Nullable Target target, String path) {
        if (value instanceof Message message) {
            return message(message, path);
        }
        if (target != null && value instanceof String name && !name.isEmpty()) {
            return resolve.apply(new Reference(target, name, path));
        }
        return value;
    }

    private static void source(String type, Message.Builder builder) {
        var field = SOURCES.get(type);
        if (field != null) {
            source(builder, builder.getDescriptorForType().findFieldByName(field));
        }
    }

    /** Lets the field be ADS if it is absent, and an ADS source be of version 3 if it leaves that open. */
    static void source(Message.Builder builder, FieldDescriptor field) {
        if (!builder.hasField(field)) {
            builder.setField(field, Anys.convert(field.getMessageType(), ADS));
            return;
        }
        var present = (Message) builder.getField(field);
        if (isAds(present)) {
            builder.setField(field, Anys.convert(field.getMessageType(), completed(present)));
        }
    }

    /** The ADS source with its version. */
    static ConfigSource completed(Message source) {
        return ADS.toBuilder()
                .mergeFrom(Anys.as(ConfigSource.getDefaultInstance(), source))
                .build();
    }

    /** Whether the source is the node's own ADS server. */
    static boolean isAds(Message source) {
        var type = source.getDescriptorForType();
        return source.hasField(type.findFieldByName("ads"))
                || source.getAllFields().isEmpty();
    }
}
