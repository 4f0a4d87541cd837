// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.stream.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Health check ports as HTTP servers on the node's addresses, with the answers that kube-proxy gives
 * (kubernetes/pkg/proxy/healthcheck/service_health.go): 200 while the node has ready endpoints of the Service, else 503; the
 * body says how many. A port that can't be opened is tried again every five seconds. Any thread; answers on event loops.
 */
public final class HealthCheckServers implements HealthCheckPorts, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HealthCheckServers.class);
    private static final long RETRY_MILLISECONDS = 5_000;

    private record Binding(Address address, int port) {}

    private final Vertx vertx;
    private final Map<Binding, HttpServer> servers = new HashMap<>();
    private final Map<Binding, Problem> failed = new HashMap<>();
    private volatile Map<Integer, HealthCheck> checks = Map.of();
    private Set<Address> addresses = Set.of();
    private volatile Runnable listener = () -> {};

    public HealthCheckServers(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void onProblem(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void set(Map<Integer, HealthCheck> checks, Set<Address> addresses) {
        boolean samePlaces = this.checks.keySet().equals(checks.keySet()) && this.addresses.equals(addresses);
        this.checks = Map.copyOf(checks);
        this.addresses = Set.copyOf(addresses);
        if (!samePlaces) {
            List.copyOf(servers.keySet()).stream()
                    .filter(binding -> !isDesired(binding))
                    .forEach(this::close);
            failed.keySet().removeIf(binding -> !isDesired(binding));
            openMissing();
        }
    }

    @Override
    public synchronized Collection<Problem> problems() {
        return List.copyOf(failed.values());
    }

    @Override
    public void close() {
        set(Map.of(), Set.of());
    }

    private boolean isDesired(Binding binding) {
        return addresses.contains(binding.address()) && checks.containsKey(binding.port());
    }

    private void openMissing() {
        for (Address address : addresses) {
            for (int port : checks.keySet()) {
                var binding = new Binding(address, port);
                if (!servers.containsKey(binding)) {
                    open(binding);
                }
            }
        }
    }

    private void open(Binding binding) {
        var options = new HttpServerOptions()
                .setHost(binding.address().toString())
                .setPort(binding.port())
                .setIdleTimeout(10);
        HttpServer server = vertx.createHttpServer(options).requestHandler(request -> answer(binding.port(), request));
        servers.put(binding, server);
        server.listen().onSuccess(_ -> opened(binding)).onFailure(cause -> notOpened(binding, server, cause));
    }

    private synchronized void opened(Binding binding) {
        if (failed.remove(binding) != null) {
            listener.run();
        }
    }

    private void notOpened(Binding binding, HttpServer server, Throwable cause) {
        synchronized (this) {
            servers.remove(binding, server);
            HealthCheck check = checks.get(binding.port());
            if (check == null) {
                return;
            }
            String message =
                    "health check port %s:%d: %s".formatted(binding.address(), binding.port(), cause.getMessage());
            failed.put(
                    binding, new Problem(Owner.service(check.namespace(), check.name()), Reason.PORT_IN_USE, message));
            vertx.setTimer(RETRY_MILLISECONDS, _ -> retry());
        }
        listener.run();
    }

    private synchronized void retry() {
        openMissing();
    }

    private void close(Binding binding) {
        HttpServer server = servers.remove(binding);
        if (server != null) {
            server.close().onFailure(cause -> LOG.warnf(cause, "health check port %s was not closed", binding));
        }
    }

    private void answer(int port, HttpServerRequest request) {
        HealthCheck check = checks.get(port);
        if (check == null) {
            request.response().setStatusCode(404).end();
            return;
        }
        var body = new JsonObject()
                .put(
                        "service",
                        new JsonObject().put("namespace", check.namespace()).put("name", check.name()))
                .put("localEndpoints", check.localEndpoints())
                .put("serviceProxyHealthy", true);
        request.response()
                .setStatusCode(check.localEndpoints() > 0 ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Load-Balancing-Endpoint-Weight", String.valueOf(check.localEndpoints()))
                .end(body.encode());
    }
}
