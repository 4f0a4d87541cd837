// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Golden cases whose objects are nearly right: parts are taken out, doubled, exchanged with what a field of that name holds
 * elsewhere, or set to values at the edge of what is allowed, as a fuzzer's bytes choose. Kinds and names stay, so that an object
 * reaches its reader. Immutable.
 */
public final class MutatedCases {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .enable(Feature.MINIMIZE_QUOTES)
            .enable(Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(Feature.SPLIT_LINES));
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> KEPT = Set.of("apiVersion", "kind", "name", "namespace", "uid");
    private static final int MOST_CHANGES = 6;
    private static final List<JsonNode> EDGES = List.of(
            NODES.textNode(""),
            NODES.textNode(" "),
            NODES.textNode("*"),
            NODES.textNode("-1"),
            NODES.textNode("0"),
            NODES.textNode("65536"),
            NODES.textNode("99999999999999999999"),
            NODES.textNode("a".repeat(300)),
            NODES.textNode("../é\u0000\n\"%{}()"),
            NODES.textNode("::/0"),
            NODES.textNode("300.1.1.1/99"),
            NODES.numberNode(-1),
            NODES.numberNode(0),
            NODES.numberNode(65_536),
            NODES.numberNode(Integer.MAX_VALUE),
            NODES.booleanNode(true),
            NODES.booleanNode(false),
            NODES.arrayNode(),
            NODES.objectNode());

    private final List<List<ObjectNode>> cases;
    private final Predicate<ObjectNode> changed;
    private final Map<String, List<JsonNode>> heldBy = new TreeMap<>();

    /**
     * @param cases each of some objects
     * @param changed which of them are changed; others are what they are in their case
     */
    public MutatedCases(List<List<ObjectNode>> cases, Predicate<ObjectNode> changed) {
        this.cases = cases;
        this.changed = changed;
        cases.stream()
                .flatMap(List::stream)
                .filter(changed)
                .forEach(object -> slots(object)
                        .forEach(slot -> heldBy.computeIfAbsent(slot.field(), _ -> new ArrayList<>())
                                .add(slot.value())));
    }

    /**
     * @param folders of golden cases, each with its {@code in.yaml}
     * @param kinds that are changed
     */
    public static MutatedCases ofGoldens(List<Path> folders, Set<String> kinds) {
        var cases = new ArrayList<List<ObjectNode>>();
        for (Path folder : folders) {
            try (var children = Files.list(folder)) {
                for (Path child : children.sorted().toList()) {
                    cases.add(read(child.resolve("in.yaml")));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new MutatedCases(
                cases, object -> kinds.contains(object.path("kind").asText()));
    }

    private static List<ObjectNode> read(Path file) throws IOException {
        try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    /** One case. */
    public List<ObjectNode> objects(FuzzedDataProvider data) {
        var objects = pick(cases, data).stream().map(ObjectNode::deepCopy).toList();
        var changeable = objects.stream().filter(changed).toList();
        int changes = changeable.isEmpty() ? 0 : data.consumeInt(0, MOST_CHANGES);
        for (int change = 0; change < changes; change++) {
            change(slots(pick(changeable, data)), data);
        }
        return objects;
    }

    /** One case as YAML documents. */
    public List<String> documents(FuzzedDataProvider data) {
        return objects(data).stream().map(MutatedCases::text).toList();
    }

    /** Empty if an object is of another type than its schema's: the API server takes no such object. */
    public static <T> Optional<T> readable(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (RuntimeException e) {
            if (e.getCause() instanceof JsonProcessingException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String text(ObjectNode object) {
        try {
            return YAML.writeValueAsString(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(List<Slot> slots, FuzzedDataProvider data) {
        if (slots.isEmpty()) {
            return;
        }
        var slot = pick(slots, data);
        switch (data.consumeInt(0, 4)) {
            case 0 -> slot.remove();
            case 1 -> slot.repeat();
            case 2 -> slot.set(pick(EDGES, data));
            case 3 -> slot.set(NODES.textNode(data.consumeString(12)));
            default -> slot.set(pick(heldBy.getOrDefault(slot.field(), EDGES), data));
        }
    }

    private static <T> T pick(List<T> choices, FuzzedDataProvider data) {
        return choices.get(data.consumeInt(0, choices.size() - 1));
    }

    /** Every place in an object that holds a value. */
    private static List<Slot> slots(ObjectNode object) {
        var slots = new ArrayList<Slot>();
        object.properties().stream()
                .filter(property -> !KEPT.contains(property.getKey()))
                .forEach(property -> {
                    if (property.getKey().equals("metadata")) {
                        property.getValue().properties().stream()
                                .filter(entry -> !KEPT.contains(entry.getKey()))
                                .forEach(entry -> collect(entry.getKey(), entry.getValue(), slots));
                    } else {
                        collect(property.getKey(), property.getValue(), slots);
                    }
                });
        return slots;
    }

    private static void collect(String name, JsonNode value, List<Slot> slots) {
        switch (value) {
            case ObjectNode map ->
                map.properties().forEach(property -> {
                    slots.add(new Slot(map, property.getKey(), 0));
                    collect(property.getKey(), property.getValue(), slots);
                });
            case ArrayNode list ->
                IntStream.range(0, list.size()).forEach(index -> {
                    slots.add(new Slot(list, name, index));
                    collect(name, list.get(index), slots);
                });
            default -> {}
        }
    }

    /** @param field its name; of an item of a list, the list's */
    private record Slot(ContainerNode<?> parent, String field, int index) {
        JsonNode value() {
            return parent instanceof ArrayNode list ? list.get(index) : parent.get(field);
        }

        void set(JsonNode value) {
            switch (parent) {
                case ArrayNode list -> list.set(index, value.deepCopy());
                case ObjectNode map -> map.set(field, value.deepCopy());
                default -> throw new AssertionError(parent);
            }
        }

        /** Names stay: schemas want them. */
        void remove() {
            if (KEPT.contains(field)) {
                return;
            }
            switch (parent) {
                case ArrayNode list -> list.remove(index);
                case ObjectNode map -> map.remove(field);
                default -> throw new AssertionError(parent);
            }
        }

        /** Another of the same in a list; elsewhere nothing. */
        void repeat() {
            if (parent instanceof ArrayNode list) {
                list.add(value().deepCopy());
            }
        }
    }
}
