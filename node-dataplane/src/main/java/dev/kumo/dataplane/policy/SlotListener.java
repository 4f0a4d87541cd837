// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import dev.kumo.dataplane.bpf.map.FlowDirection;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.original_src.v3.OriginalSrc;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;

/**
 * The listener of a slot: transparent on both sides, and unseen but for what it refuses. Connections come to it from the
 * kernel half, whatever their destination; marks tell the kernel half whose sockets it sees (bpf/include, marks). Pure.
 */
final class SlotListener {
    /** Sockets towards clients. */
    private static final int MARK_LISTENER = 0xB00;
    /** Connections on to a pod whose ingress rules were checked here. */
    private static final int MARK_INGRESS = 0xA00;
    /** Connections on from a pod whose egress rules were checked here; the destination's ingress rules come yet. */
    private static final int MARK_EGRESS = 0xD00;

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final int FORBIDDEN = 403;
    private static final String BODY = "Access denied\r\n";

    private SlotListener() {}

    /** @param routes name of the route configuration that carries the rules; until it comes the listener doesn't listen */
    static Listener of(String name, FlowDirection direction, int port, String routes, ConfigSource source) {
        int mark = switch (direction) {
            case INGRESS -> MARK_INGRESS;
            case EGRESS -> MARK_EGRESS;
        };
        return Listener.newBuilder()
                .setName(name)
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)))
                .setTransparent(BoolValue.of(true))
                .addSocketOptions(SocketOption.newBuilder()
                        .setDescription("mark")
                        .setLevel(SOL_SOCKET)
                        .setName(SO_MARK)
                        .setIntValue(MARK_LISTENER)
                        .setState(SocketOption.SocketState.STATE_PREBIND))
                .addListenerFilters(ListenerFilter.newBuilder()
                        .setName("envoy.filters.listener.original_dst")
                        .setTypedConfig(Any.pack(OriginalDst.getDefaultInstance())))
                .addListenerFilters(ListenerFilter.newBuilder()
                        .setName("envoy.filters.listener.original_src")
                        .setTypedConfig(
                                Any.pack(OriginalSrc.newBuilder().setMark(mark).build())))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(manager(name, routes, source)))))
                .build();
    }

    private static HttpConnectionManager manager(String name, String routes, ConfigSource source) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix(name)
                .setCodecType(HttpConnectionManager.CodecType.AUTO)
                .setRds(Rds.newBuilder().setRouteConfigName(routes).setConfigSource(source))
                .setUseRemoteAddress(BoolValue.of(true))
                .setSkipXffAppend(true)
                .setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH)
                .setGenerateRequestId(BoolValue.of(false))
                .setHttpProtocolOptions(
                        Http1ProtocolOptions.newBuilder().setAcceptHttp10(true).setDefaultHostForHttp10("localhost"))
                .setNormalizePath(BoolValue.of(true))
                .setMergeSlashes(true)
                .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.UNESCAPE_AND_REDIRECT)
                // How long a stream may be silent is its ends' affair.
                .setStreamIdleTimeout(Duration.getDefaultInstance())
                .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
                .setLocalReplyConfig(LocalReplyConfig.newBuilder().addMappers(denial()))
                // The base configuration has no policy: what the routes don't allow is denied.
                .addHttpFilters(filter(
                        SlotResources.RBAC_FILTER,
                        Any.pack(RBAC.newBuilder().setRules(HttpRules.denyAll()).build())))
                .addHttpFilters(filter(
                        "envoy.filters.http.router",
                        Any.pack(Router.newBuilder()
                                .setSuppressEnvoyHeaders(true)
                                .build())))
                .build();
    }

    private static HttpFilter filter(String name, Any config) {
        return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
    }

    private static ResponseMapper denial() {
        return ResponseMapper.newBuilder()
                .setFilter(AccessLogFilter.newBuilder()
                        .setStatusCodeFilter(StatusCodeFilter.newBuilder()
                                .setComparison(ComparisonFilter.newBuilder()
                                        .setOp(ComparisonFilter.Op.EQ)
                                        .setValue(RuntimeUInt32.newBuilder()
                                                .setDefaultValue(FORBIDDEN)
                                                .setRuntimeKey("kumo.denied_status")))))
                .setBody(DataSource.newBuilder().setInlineString(BODY))
                .build();
    }
}
