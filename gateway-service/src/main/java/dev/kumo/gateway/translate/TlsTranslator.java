// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.translate;

import com.google.protobuf.Any;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import dev.kumo.gateway.plan.HttpListener.TlsChain;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;

/**
 * Where TLS ends. A certificate is a Secret of its own, named as its Kubernetes Secret, so that a renewed one changes no
 * listener and ends no connection. Stateless; any thread.
 */
final class TlsTranslator {
    private TlsTranslator() {}

    /** Reads the server name that chains are chosen by. */
    static ListenerFilter inspector() {
        return ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.tls_inspector")
                .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance()))
                .build();
    }

    /** A client that names no server, or another one, gets the chain for any name; without one the connection is closed. */
    static FilterChain chain(FilterChain filters, TlsChain chain) {
        var context = CommonTlsContext.newBuilder()
                .setTlsParams(TlsParameters.newBuilder().setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2))
                .addAlpnProtocols("h2")
                .addAlpnProtocols("http/1.1");
        for (var secret : chain.secrets()) {
            context.addTlsCertificateSdsSecretConfigs(
                    SdsSecretConfig.newBuilder().setName(name(secret)).setSdsConfig(GatewayTranslator.ADS));
        }
        var tls = DownstreamTlsContext.newBuilder().setCommonTlsContext(context).build();
        var builder = filters.toBuilder()
                .setName(chain.serverName().text())
                .setTransportSocket(TransportSocket.newBuilder()
                        .setName("envoy.transport_sockets.tls")
                        .setTypedConfig(Any.pack(tls)));
        if (!chain.serverName().isAny()) {
            builder.setFilterChainMatch(FilterChainMatch.newBuilder()
                    .addServerNames(chain.serverName().text()));
        }
        return builder.build();
    }

    static Secret secret(TlsSecret.KeyPair pair) {
        return Secret.newBuilder()
                .setName(name(pair.key()))
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(DataSource.newBuilder().setInlineString(pair.chain()))
                        .setPrivateKey(DataSource.newBuilder().setInlineString(pair.privateKey())))
                .build();
    }

    private static String name(ObjectKey secret) {
        return secret.toString();
    }
}
