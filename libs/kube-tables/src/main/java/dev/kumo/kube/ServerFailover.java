// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Sends every request to the server that answered last; one that cannot be reached makes the next one current. */
final class ServerFailover implements Interceptor {
    private static final Logger LOG = Logger.getLogger(ServerFailover.class);

    private final List<URI> servers;
    private final AtomicInteger current = new AtomicInteger();

    ServerFailover(List<URI> servers) {
        this.servers = servers;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        var server = servers.get(current.get());
        var uri = request.uri();
        if (!isAt(uri, server)) {
            builder.uri(moved(uri, server));
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        int failed = current.get();
        if (servers.size() > 1 && isAt(request.uri(), servers.get(failed))) {
            int next = (failed + 1) % servers.size();
            if (current.compareAndSet(failed, next)) {
                LOG.warnf("API server %s: %s; next: %s", servers.get(failed), failure.getMessage(), servers.get(next));
            }
        }
    }

    private static boolean isAt(URI uri, URI server) {
        return server.getHost().equals(uri.getHost()) && server.getPort() == uri.getPort();
    }

    private static URI moved(URI uri, URI server) {
        String text = uri.toString();
        int authority = text.indexOf("://") + 3;
        int path = text.indexOf('/', authority);
        return URI.create(
                text.substring(0, authority) + server.getRawAuthority() + (path < 0 ? "" : text.substring(path)));
    }
}
