// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.dataplane.envoy.SocketMark;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.original_src.v3.OriginalSrc;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts a listener that came without address where this node's kernel half finds it: on 127.0.0.1, transparent, since
 * connections come to it whatever their destination. Pure.
 */
final class ListenerBinding {
    private static final String ORIGINAL_SRC = "envoy.filters.listener.original_src";

    private ListenerBinding() {}

    /** @param keepSource whether connections go on from their client's address */
    static Listener bind(Listener listener, int port, boolean keepSource) {
        var bound = listener.toBuilder()
                .clearAdditionalAddresses()
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)))
                .setTransparent(BoolValue.of(true))
                .addSocketOptions(SocketMark.ACCEPTED.option());
        if (keepSource) {
            bound.addListenerFilters(
                    0,
                    ListenerFilter.newBuilder()
                            .setName(ORIGINAL_SRC)
                            .setTypedConfig(Any.pack(OriginalSrc.newBuilder()
                                    .setMark(SocketMark.EGRESS_UPSTREAM.value())
                                    .build())));
        }
        return bound.build();
    }

    /** Route configurations that the listener asks for. */
    static Set<String> routesOf(Listener listener) {
        var names = new TreeSet<String>();
        Stream.concat(listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain()))
                .flatMap(chain -> chain.getFiltersList().stream())
                .map(Filter::getTypedConfig)
                .filter(config -> config.is(HttpConnectionManager.class))
                .forEach(config -> {
                    var routes = routesOf(config);
                    if (!routes.isEmpty()) {
                        names.add(routes);
                    }
                });
        return names;
    }

    private static String routesOf(Any manager) {
        try {
            return manager.unpack(HttpConnectionManager.class).getRds().getRouteConfigName();
        } catch (InvalidProtocolBufferException e) {
            return ""; // Envoy says what is wrong with it.
        }
    }
}
