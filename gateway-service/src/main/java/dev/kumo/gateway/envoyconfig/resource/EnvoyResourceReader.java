// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.DUPLICATE_NAME;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.MISSING_NAME;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.TOO_LARGE;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNRESOLVED_REFERENCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import dev.kumo.gateway.envoyconfig.model.BackendRef;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView.Discovered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Reads the resources of one object: decodes, judges and names them. A cluster that a route names and that is none of the
 * resources is made where it has the name of a listed Service.
 */
public final class EnvoyResourceReader {
    /** One item of the feed; four of the feed's batches. */
    static final int LARGEST = 1024 * 1024;

    private final Scope scope;
    private final Faults faults;
    private final SequencedMap<String, EnvoyMessage> found = new LinkedHashMap<>();
    private final Map<String, BackendRef> discovered = new TreeMap<>();

    private EnvoyResourceReader(Scope scope, Faults faults) {
        this.scope = scope;
        this.faults = faults;
    }

    /**
     * What was read, in the order of the object; clusters that were made come last.
     *
     * @param clusters that are discovered by Service; their messages have no service name yet
     */
    public record Read(List<EnvoyMessage> messages, List<Discovered> clusters) {
        /** Names of the listeners that the node binds: those without an address of their own. */
        public List<String> listeners() {
            return messages.stream()
                    .filter(EnvoyMessage::isBoundByNode)
                    .map(EnvoyMessage::name)
                    .toList();
        }
    }

    /** @param faults gets what is wrong; with a fault, what is returned is incomplete */
    public static Read read(List<JsonNode> resources, Scope scope, Faults faults) {
        return new EnvoyResourceReader(scope, faults).read(resources);
    }

    private Read read(List<JsonNode> resources) {
        var decoder = new ResourceDecoder(faults);
        for (int i = 0; i < resources.size(); i++) {
            decoder.decode(resources.get(i), "resources[%d]".formatted(i)).ifPresent(this::add);
        }
        if (!faults.none()) {
            return new Read(List.of(), List.of());
        }
        var rewriting = new Rewriting(this::resolve);
        var messages = new ArrayList<EnvoyMessage>();
        var clusters = new ClusterReading(scope, faults, discovered);
        for (var message : List.copyOf(found.values())) {
            var named = clusters.read(rewriting.of(message));
            if (named.message().getSerializedSize() > LARGEST) {
                faults.add(TOO_LARGE, named.path(), "more than %d bytes".formatted(LARGEST));
            }
            messages.add(named);
        }
        found.values().stream().skip(messages.size()).forEach(messages::add);
        return new Read(
                List.copyOf(messages),
                discovered.entrySet().stream()
                        .map(entry -> new Discovered(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private void add(EnvoyMessage message) {
        var rules = scope.restricted() ? TypeRules.RESTRICTED : TypeRules.OPEN;
        new RuleCheck(rules, faults).check(message.message(), message.path());
        if (message.name().isEmpty()) {
            faults.add(MISSING_NAME, message.path(), "has no name");
            return;
        }
        var name = scope.names().qualify(message.name());
        if (found.putIfAbsent(key(message.kind(), name), named(message, name)) != null) {
            faults.add(DUPLICATE_NAME, message.path(), "a second %s \"%s\"".formatted(simple(message), message.name()));
        }
    }

    private static EnvoyMessage named(EnvoyMessage message, String name) {
        var field = message.message().getDescriptorForType().findFieldByName("name");
        Message renamed = message.message().toBuilder().setField(field, name).build();
        return new EnvoyMessage(message.kind(), name, message.path(), renamed, message.sensitive());
    }

    /** The name that Envoy will know; the given one where there is none. */
    private String resolve(Reference reference) {
        var kind = reference.target().kind();
        var name = scope.names().qualify(reference.name());
        if (found.containsKey(key(kind, name))) {
            return name;
        }
        var backend = BackendRef.parse(scope.names().local(reference.name()));
        if (kind == ResourceKind.CLUSTER
                && backend.filter(ref -> scope.services().contains(ref.service()))
                        .isPresent()) {
            found.put(key(kind, name), ClusterReading.made(name, reference.path()));
            discovered.put(name, backend.get());
            return name;
        }
        if (scope.restricted() || kind != ResourceKind.CLUSTER) {
            faults.add(
                    UNRESOLVED_REFERENCE,
                    reference.path(),
                    kind == ResourceKind.CLUSTER
                            ? "\"%s\" is neither a cluster of this object nor a listed Service"
                                    .formatted(reference.name())
                            : "\"%s\" is not among the resources of this object".formatted(reference.name()));
        }
        return reference.name();
    }

    private static String key(ResourceKind kind, String name) {
        return kind + "|" + name;
    }

    private static String simple(EnvoyMessage message) {
        return message.message().getDescriptorForType().getName();
    }
}
