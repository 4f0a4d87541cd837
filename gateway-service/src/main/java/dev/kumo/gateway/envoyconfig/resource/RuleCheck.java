// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.MALFORMED;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.NOT_ALLOWED;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;

/**
 * Walks a message with all that its Anys hold and says of each type and field that may not be there why, and of each Any without a type
 * that it has none: JSON may leave it out of an empty one.
 */
record RuleCheck(TypeRules rules, Faults faults) {
    /** Commands of Envoy's format strings that read what is the node's. */
    private static final List<String> COMMANDS = List.of("%ENVIRONMENT(", "%FILE_CONTENT(");

    void check(Message message, String path) {
        var type = message.getDescriptorForType();
        if (Anys.is(type)) {
            if (Anys.hasType(message)) {
                check(Anys.unpack(message), path);
            } else {
                faults.add(MALFORMED, path, "has no @type");
            }
            return;
        }
        var refusal = rules.refusal(type);
        if (refusal.isPresent()) {
            faults.add(NOT_ALLOWED, path, "%s: %s".formatted(type.getFullName(), refusal.get()));
            return;
        }
        message.getAllFields().forEach((field, value) -> check(field, value, path + "." + field.getJsonName()));
    }

    private void check(FieldDescriptor field, Object value, String path) {
        var refusal = rules.refusal(field);
        if (refusal.isPresent()) {
            faults.add(NOT_ALLOWED, path, refusal.get());
        } else if (field.isMapField()) {
            ((List<?>) value).forEach(entry -> entry((Message) entry, path));
        } else if (field.isRepeated()) {
            var items = (List<?>) value;
            for (int i = 0; i < items.size(); i++) {
                value(items.get(i), "%s[%d]".formatted(path, i));
            }
        } else {
            value(value, path);
        }
    }

    private void entry(Message entry, String path) {
        var type = entry.getDescriptorForType();
        var key = entry.getField(type.findFieldByName("key"));
        value(entry.getField(type.findFieldByName("value")), "%s[%s]".formatted(path, key));
    }

    private void value(Object value, String path) {
        if (value instanceof Message message) {
            check(message, path);
        } else if (value instanceof String text && !rules.isOpen()) {
            COMMANDS.stream()
                    .filter(text::contains)
                    .forEach(command ->
                            faults.add(NOT_ALLOWED, path, command + "…)% reads what belongs to the node's Envoy"));
        }
    }
}
