// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.MALFORMED;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNKNOWN_TYPE;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNSUPPORTED_RESOURCE;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNSUPPORTED_VERSION;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;

/**
 * Decodes one resource from JSON with all that its Anys hold. Types are looked at first, so that a fault has the path of the Any
 * which is wrong; protobuf's parser names the field only.
 */
record ResourceDecoder(Faults faults) {
    private static final String TYPE = "@type";
    /** Protobuf's own limit. */
    private static final int DEPTH = 100;

    /** @return nothing if there were faults */
    Optional<EnvoyMessage> decode(JsonNode json, String path) {
        var type = json.path(TYPE).asText("");
        if (type.isEmpty()) {
            faults.add(MALFORMED, path, "has no @type");
            return Optional.empty();
        }
        var kind = Anys.typeName(type).flatMap(ResourceKind::of);
        if (!typesAreKnown(json, path, 0)) {
            return Optional.empty();
        }
        if (kind.isEmpty()) {
            faults.add(
                    UNSUPPORTED_RESOURCE,
                    path,
                    Anys.typeName(type).orElse(type)
                            + " is no resource here: Listener, RouteConfiguration, Cluster and Secret are");
            return Optional.empty();
        }
        try {
            var any = Any.newBuilder();
            EnvoyTypes.PARSER.merge(json.toString(), any);
            var message = Anys.unpack(any.build());
            var name = (String) message.getField(message.getDescriptorForType().findFieldByName("name"));
            return Optional.of(new EnvoyMessage(kind.get(), name, path, message, false));
        } catch (InvalidProtocolBufferException e) {
            faults.add(MALFORMED, path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private boolean typesAreKnown(JsonNode json, String path, int depth) {
        if (depth > DEPTH) {
            faults.add(MALFORMED, path, "nested too deeply");
            return false;
        }
        boolean known = !json.has(TYPE) || isKnown(json.get(TYPE), path);
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                known &= typesAreKnown(json.get(i), "%s[%d]".formatted(path, i), depth + 1);
            }
        }
        for (var field : json.properties()) {
            known &= typesAreKnown(field.getValue(), path + "." + field.getKey(), depth + 1);
        }
        return known;
    }

    private boolean isKnown(JsonNode type, String path) {
        var name = Anys.typeName(type.asText(""));
        if (name.isEmpty()) {
            faults.add(MALFORMED, path, "@type \"%s\" is no type URL".formatted(type.asText("")));
            return false;
        }
        if (EnvoyTypes.isVersion2(name.get())) {
            faults.add(
                    UNSUPPORTED_VERSION, path, name.get() + " is of Envoy's API version 2; only version 3 is served");
            return false;
        }
        if (EnvoyTypes.find(name.get()).isEmpty()) {
            faults.add(UNKNOWN_TYPE, path, name.get() + " is no type of Envoy's API version 3 that is known here");
            return false;
        }
        return true;
    }
}
