// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of an API server as the service uses, over plain HTTP on loopback: lists and watches of whole collections, get, create,
 * update and delete of objects, update of status at a resourceVersion, server-side apply as a merge. Kinds answer 404 until they
 * are installed.
 */
final class ApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH =
            Pattern.compile("(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?(/status)?");

    private static final Pattern VERSION = Pattern.compile("resourceVersion=(\\d+)");

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** By collection, then by namespace/name. */
    private final TreeMap<String, TreeMap<String, ObjectNode>> objects = new TreeMap<>();

    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private long version = 1000;
    private final Map<String, Integer> statusWrites = new TreeMap<>();

    private final List<Event> log = new ArrayList<>();

    private record Watch(String collection, HttpExchange exchange) {}

    private record Event(String collection, long version, byte[] line) {}

    ApiServer(String... installed) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        for (var collection : installed) {
            install(collection);
        }
        http.start();
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + http.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .withRequestTimeout(60_000)
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectInterval(50)
                        .build())
                .build();
    }

    synchronized void install(String collection) {
        objects.putIfAbsent(collection, new TreeMap<>());
    }

    /** What somebody applies, in YAML. */
    synchronized void put(String collection, String yaml) {
        store(collection, JSON.valueToTree(new KubernetesSerialization().unmarshal(yaml, Object.class)));
    }

    synchronized void delete(String collection, String key) {
        var object = objects.get(collection).remove(key);
        metadata(object).put("resourceVersion", Long.toString(++version));
        tell(collection, "DELETED", object);
    }

    /** An object as it is now; missing if there is none. @param key namespace/name, or the name alone */
    synchronized JsonNode get(String collection, String key) {
        var kept = objects.get(collection);
        var object = kept == null ? null : kept.get(key);
        return object == null ? JSON.missingNode() : object.deepCopy();
    }

    synchronized List<String> names(String collection) {
        return List.copyOf(objects.get(collection).keySet());
    }

    synchronized int statusWrites() {
        return statusWrites.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized int statusWrites(String collection) {
        return statusWrites.getOrDefault(collection, 0);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            var path = PATH.matcher(exchange.getRequestURI().getPath());
            if (path.matches()) {
                handle(exchange, path);
            } else {
                refuse(exchange, 404);
            }
        } catch (RuntimeException e) {
            refuse(exchange, 500);
        }
    }

    private synchronized void handle(HttpExchange exchange, Matcher path) throws IOException {
        var collection = path.group(1) + "/" + path.group(3);
        var kept = objects.get(collection);
        if (kept == null) {
            refuse(exchange, 404);
            return;
        }
        var key = path.group(2) == null ? path.group(4) : path.group(2) + "/" + path.group(4);
        var found = path.group(4) == null ? null : kept.get(key);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (path.group(4) == null) {
                    listOrWatch(exchange, collection);
                } else if (found == null) {
                    refuse(exchange, 404);
                } else {
                    answer(exchange, 200, found);
                }
            }
            case "POST" -> {
                var object = (ObjectNode) JSON.readTree(exchange.getRequestBody());
                if (kept.containsKey(key(object))) {
                    refuse(exchange, 409);
                } else {
                    answer(exchange, 201, store(collection, object));
                }
            }
            case "PUT" -> update(exchange, collection, found, path.group(5) != null);
            case "PATCH" -> apply(exchange, collection, found);
            case "DELETE" -> {
                if (found == null) {
                    refuse(exchange, 404);
                } else {
                    delete(collection, key);
                    answer(exchange, 200, found);
                }
            }
            default -> refuse(exchange, 405);
        }
    }

    private void listOrWatch(HttpExchange exchange, String collection) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (query.contains("watch=true")) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            // What has happened since the list that the watch goes on from.
            var since = VERSION.matcher(query);
            long seen = since.find() ? Long.parseLong(since.group(1)) : version;
            for (var event : log) {
                if (event.collection().equals(collection) && event.version() > seen) {
                    exchange.getResponseBody().write(event.line());
                }
            }
            exchange.getResponseBody().flush();
            watches.add(new Watch(collection, exchange));
            return;
        }
        var answer = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        answer.putObject("metadata").put("resourceVersion", Long.toString(version));
        answer.putArray("items").addAll(objects.get(collection).values());
        answer(exchange, 200, answer);
    }

    private void update(HttpExchange exchange, String collection, ObjectNode found, boolean status) throws IOException {
        var object = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        if (found == null) {
            refuse(exchange, 404);
        } else if (!metadata(object)
                .path("resourceVersion")
                .equals(metadata(found).path("resourceVersion"))) {
            refuse(exchange, 409);
        } else {
            var next = status ? found.deepCopy() : object;
            if (status) {
                next.set("status", object.get("status"));
                statusWrites.merge(collection, 1, Integer::sum);
            }
            answer(exchange, 200, store(collection, next));
        }
    }

    private void apply(HttpExchange exchange, String collection, ObjectNode found) throws IOException {
        var applied = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        var next = found == null ? applied : found.deepCopy();
        if (found != null) {
            applied.get("metadata").properties().forEach(field -> metadata(next).set(field.getKey(), field.getValue()));
            next.set("spec", applied.get("spec"));
        }
        answer(exchange, 200, store(collection, next));
    }

    private ObjectNode store(String collection, ObjectNode object) {
        var before = objects.get(collection).put(key(object), object);
        metadata(object).put("resourceVersion", Long.toString(++version));
        if (!metadata(object).has("uid")) {
            metadata(object).put("uid", "uid-" + version);
        }
        tell(collection, before == null ? "ADDED" : "MODIFIED", object);
        return object;
    }

    private void tell(String collection, String type, JsonNode object) {
        var event = JSON.createObjectNode().put("type", type);
        event.set("object", object);
        var line = (event + "\n").getBytes(StandardCharsets.UTF_8);
        log.add(new Event(collection, version, line));
        for (var watch : watches) {
            if (watch.collection().equals(collection)) {
                try {
                    watch.exchange().getResponseBody().write(line);
                    watch.exchange().getResponseBody().flush();
                } catch (IOException e) {
                    watches.remove(watch);
                }
            }
        }
    }

    private static String key(ObjectNode object) {
        var namespace = metadata(object).path("namespace").asText();
        var name = metadata(object).path("name").asText();
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private static ObjectNode metadata(ObjectNode object) {
        return (ObjectNode) object.get("metadata");
    }

    private static void refuse(HttpExchange exchange, int code) throws IOException {
        answer(
                exchange,
                code,
                JSON.createObjectNode()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("code", code));
    }

    private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
