// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where the API servers are and how a pod of ours proves itself. Never the Service {@code kubernetes}: nothing serves its
 * address before the dataplane runs, and the dataplane asks us first.
 *
 * @param urls https URLs, tried in this order; not empty
 * @param tokenFile the pod's token, read anew as the kubelet renews it
 * @param caFile the cluster's CA
 */
public record ApiServers(List<URI> urls, Path tokenFile, Path caFile) {
    private static final Logger LOG = Logger.getLogger(ApiServers.class);
    private static final int CONNECT_MILLIS = 3_000;
    private static final int REQUEST_MILLIS = 10_000;
    /** Our own loops retry with their own back-off; this only bridges a dropped connection. */
    private static final int RETRIES = 2;

    /** @throws IllegalArgumentException without a URL, or with one that isn't https with a host */
    public ApiServers {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("KUMO_API_SERVERS names no API server");
        }
        for (var url : urls) {
            if (!"https".equals(url.getScheme()) || url.getHost() == null) {
                throw new IllegalArgumentException("KUMO_API_SERVERS: '" + url + "' is no https://host:port");
            }
        }
    }

    /** A client that goes on with the next server when one cannot be reached. */
    public KubernetesClient client(KubernetesSerialization serialization) {
        var first = urls.getFirst();
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(first.toString())
                .withCaCertFile(Files.isReadable(caFile) ? caFile.toString() : null)
                .withOauthTokenProvider(this::token)
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .withUserAgent("kumo")
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                // Event loops of its own: answers are decoded on them, which those of the application must not wait
                // for.
                .withHttpClientFactory(new VertxHttpClientFactory())
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("kumo-api-servers", new ServerFailover(urls)))
                .build();
    }

    private @Nullable String token() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            LOG.debugf("no token: %s", e.toString());
            return null;
        }
    }
}
