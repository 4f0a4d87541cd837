// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lists the objects that it is given, watches without ever telling of a change, and remembers every write, which it answers
 * with what was written or with an error that is asked for.
 */
final class RecordingApiServer implements AutoCloseable {
    private final KubernetesSerialization serialization = new KubernetesSerialization();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, List<String>> collections = new ConcurrentHashMap<>();
    private final List<Write> writes = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    record Write(String method, String path, String body) {}

    RecordingApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    /** A collection that is not installed answers 404. */
    void install(String collection) {
        collections.putIfAbsent(collection, new CopyOnWriteArrayList<>());
    }

    /** @param object in YAML or JSON */
    void add(String collection, String object) {
        install(collection);
        Map<String, Object> fields = serialization.unmarshal(object, new TypeReference<>() {});
        @SuppressWarnings("unchecked")
        var metadata = (Map<String, Object>) fields.get("metadata");
        metadata.putIfAbsent("resourceVersion", "1");
        collections.get(collection).add(serialization.asJson(fields));
    }

    void answerWith(int code) {
        status = code;
    }

    List<Write> writes() {
        return writes;
    }

    List<Write> writes(String pathPart) {
        return writes.stream().filter(write -> write.path().contains(pathPart)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("GET")) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            writes.add(new Write(exchange.getRequestMethod(), path, body));
            answer(exchange, status, body);
        } else if (!collections.containsKey(path)) {
            answer(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404,\"reason\":\"NotFound\"}");
        } else if (Optional.ofNullable(exchange.getRequestURI().getQuery())
                .orElse("")
                .contains("watch=true")) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
        } else {
            var items = String.join(",", new ArrayList<>(collections.get(path)));
            answer(
                    exchange,
                    200,
                    "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}"
                            .formatted(items));
        }
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
