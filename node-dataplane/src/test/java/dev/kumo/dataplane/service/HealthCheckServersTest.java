// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.stream.Reason;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckServersTest {
    private static final Set<Address> LOOPBACK = Set.of(Address.of("127.0.0.1"));

    private final Vertx vertx = Vertx.vertx();
    private final HealthCheckServers servers = new HealthCheckServers(vertx);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        servers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void answersAsKubeProxyDoesAndFollowsTheNumberOfEndpoints() throws Exception {
        int port = freePort();
        servers.set(Map.of(port, new HealthCheck("shop", "web", port, 2)), LOOPBACK);
        await().until(() -> status(port) == 200);
        HttpResponse<String> answer = get(port);
        assertThat(answer.body())
                .isEqualTo("{\"service\":{\"namespace\":\"shop\",\"name\":\"web\"},\"localEndpoints\":2,"
                        + "\"serviceProxyHealthy\":true}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");

        servers.set(Map.of(port, new HealthCheck("shop", "web", port, 0)), LOOPBACK);
        assertThat(status(port)).isEqualTo(503);

        servers.set(Map.of(), LOOPBACK);
        await().until(() -> status(port) == -1);
    }

    @Test
    void tellsOfAPortThatIsTakenAndOpensItOnceItIsFree() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            servers.set(Map.of(port, new HealthCheck("shop", "web", port, 1)), LOOPBACK);
            await().until(() -> !servers.problems().isEmpty());
            Problem problem = servers.problems().iterator().next();
            assertThat(problem.owner()).isEqualTo(Owner.service("shop", "web"));
            assertThat(problem.reason()).isEqualTo(Reason.PORT_IN_USE);
            taken.close();
            await().until(() -> status(port) == 200 && servers.problems().isEmpty());
        }
    }

    private int status(int port) throws InterruptedException {
        try {
            return get(port).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private HttpResponse<String> get(int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
