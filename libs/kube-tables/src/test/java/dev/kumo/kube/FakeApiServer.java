// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * As much of an API server as tables and leader election use: paged lists, watches with bookmarks that begin at a
 * resourceVersion and end when they are to, create, update with resourceVersion, over plain HTTP on loopback. A collection answers 404 until it is installed.
 */
final class FakeApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, TreeMap<String, ObjectNode>> collections = new ConcurrentHashMap<>();
    private final Map<String, List<HttpExchange>> watches = new ConcurrentHashMap<>();
    private final Map<String, List<Event>> history = new ConcurrentHashMap<>();
    final List<String> lists = new CopyOnWriteArrayList<>();
    private long version = 1000;
    volatile boolean refusing;

    private record Event(long version, byte[] line) {}

    FakeApiServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            try {
                handle(exchange);
            } catch (RuntimeException e) {
                answer(exchange, 500, JSON.createObjectNode().put("message", e.toString()));
            }
        });
        http.start();
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + http.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectInterval(50)
                        .build())
                .build();
    }

    void install(String collection) {
        collections.putIfAbsent(collection, new TreeMap<>());
    }

    synchronized void put(String collection, String json) {
        try {
            var object = (ObjectNode) JSON.readTree(json);
            var name = object.at("/metadata/name").asText();
            boolean fresh = !collections.get(collection).containsKey(name);
            store(collection, name, object);
            tell(collection, fresh ? "ADDED" : "MODIFIED", object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void delete(String collection, String name) {
        var object = collections.get(collection).remove(name);
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(++version));
        tell(collection, "DELETED", object);
    }

    synchronized long bookmark(String collection, String apiVersion, String kind) {
        var object = JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("resourceVersion", Long.toString(++version));
        tell(collection, "BOOKMARK", object);
        return version;
    }

    synchronized long version() {
        return version;
    }

    /** Watches that stand stay open and are told nothing any more. */
    void mute(String collection) {
        watches.remove(collection);
    }

    boolean isWatched(String collection) {
        return !watches.getOrDefault(collection, List.of()).isEmpty();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var query = exchange.getRequestURI().getQuery() == null
                ? ""
                : exchange.getRequestURI().getQuery();
        if (refusing) {
            answer(exchange, 503, JSON.createObjectNode());
        } else if (collections.containsKey(path)) {
            switch (exchange.getRequestMethod()) {
                case "GET" -> {
                    if (query.contains("watch=true")) {
                        watch(exchange, path, query);
                    } else {
                        list(exchange, path, query);
                    }
                }
                case "POST" -> create(exchange, path);
                default -> answer(exchange, 405, JSON.createObjectNode());
            }
        } else {
            object(exchange, path);
        }
    }

    private synchronized void list(HttpExchange exchange, String path, String query) throws IOException {
        lists.add(path + "?" + query);
        int limit = number(query, "limit=", Integer.MAX_VALUE);
        int from = number(query, "continue=", 0);
        var all = new ArrayList<>(collections.get(path).values());
        var page = all.subList(Math.min(from, all.size()), Math.min(all.size(), from + limit));
        var answer = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        var metadata = answer.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (from + page.size() < all.size()) {
            metadata.put("continue", Integer.toString(from + page.size()));
        }
        var items = answer.putArray("items");
        page.forEach(items::add);
        answer(exchange, 200, answer);
    }

    private void watch(HttpExchange exchange, String path, String query) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        synchronized (this) {
            int since = number(query, "resourceVersion=", 0);
            for (var event : history.getOrDefault(path, List.of())) {
                if (event.version > since) {
                    exchange.getResponseBody().write(event.line);
                }
            }
            exchange.getResponseBody().flush();
            watches.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>()).add(exchange);
        }
        int seconds = number(query, "timeoutSeconds=", 0);
        if (seconds > 0) {
            CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
                watches.getOrDefault(path, List.of()).remove(exchange);
                exchange.close();
            });
        }
    }

    private synchronized void create(HttpExchange exchange, String path) throws IOException {
        var object = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        var name = object.at("/metadata/name").asText();
        if (collections.get(path).containsKey(name)) {
            answer(exchange, 409, JSON.createObjectNode().put("reason", "AlreadyExists"));
        } else {
            store(path, name, object);
            answer(exchange, 201, object);
        }
    }

    private synchronized void object(HttpExchange exchange, String path) throws IOException {
        int slash = path.lastIndexOf('/');
        var collection = collections.get(path.substring(0, slash));
        var name = path.substring(slash + 1);
        var found = collection == null ? null : collection.get(name);
        if (found == null) {
            answer(
                    exchange,
                    404,
                    JSON.createObjectNode().put("reason", "NotFound").put("code", 404));
        } else if (exchange.getRequestMethod().equals("PUT")) {
            var object = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            var seen = object.at("/metadata/resourceVersion").asText();
            if (!seen.isEmpty()
                    && !seen.equals(found.at("/metadata/resourceVersion").asText())) {
                answer(exchange, 409, JSON.createObjectNode().put("reason", "Conflict"));
            } else {
                store(path.substring(0, slash), name, object);
                answer(exchange, 200, object);
            }
        } else {
            answer(exchange, 200, found);
        }
    }

    private void store(String collection, String name, ObjectNode object) {
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(++version));
        collections.get(collection).put(name, object);
    }

    private void tell(String collection, String type, JsonNode object) {
        var event = JSON.createObjectNode().put("type", type);
        event.set("object", object);
        var line = (event + "\n").getBytes(StandardCharsets.UTF_8);
        history.computeIfAbsent(collection, _ -> new CopyOnWriteArrayList<>()).add(new Event(version, line));
        for (var watch : watches.getOrDefault(collection, List.of())) {
            try {
                watch.getResponseBody().write(line);
                watch.getResponseBody().flush();
            } catch (IOException e) {
                watches.get(collection).remove(watch);
            }
        }
    }

    private static int number(String query, String key, int absent) {
        for (var part : query.split("&")) {
            if (part.startsWith(key)) {
                return Integer.parseInt(part.substring(key.length()));
            }
        }
        return absent;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
