// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The table of messages and fields that a configuration may use; its file says how it is read. Immutable. */
final class TypeRules {
    /** What a CiliumEnvoyConfig may say. */
    static final TypeRules RESTRICTED = read("/envoyconfig/restricted.rules");

    /** What a CiliumClusterwideEnvoyConfig may say: anything. */
    static final TypeRules OPEN = new TypeRules("");

    private static final String UNLISTED = "not among the types that are allowed";

    private final Set<String> allowed = new HashSet<>();
    private final Map<String, String> refused = new HashMap<>();

    private TypeRules(String text) {
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::add);
    }

    private static TypeRules read(String resource) {
        try (var stream = Objects.requireNonNull(TypeRules.class.getResourceAsStream(resource), resource)) {
            return new TypeRules(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        var words = line.split("\\s+", 3);
        switch (words[0]) {
            case "allow" -> allowed.add(words[1]);
            case "refuse" -> refused.put(words[1], words[2]);
            default -> throw new IllegalStateException("no rule: " + line);
        }
    }

    /** Why the message may not be there; empty if it may. */
    Optional<String> refusal(Descriptor type) {
        if (isOpen()) {
            return Optional.empty();
        }
        var reason = refused.get(type.getFullName());
        if (reason != null) {
            return Optional.of(reason);
        }
        return allows(type) ? Optional.empty() : Optional.of(UNLISTED);
    }

    /** Why the field may not be set; empty if it may. */
    Optional<String> refusal(FieldDescriptor field) {
        return Optional.ofNullable(refused.get(field.getFullName()));
    }

    /** Whether anything may be said. */
    boolean isOpen() {
        return allowed.isEmpty() && refused.isEmpty();
    }

    /** Names of all rules; a package without its asterisk. */
    Set<String> names() {
        var names = new HashSet<>(refused.keySet());
        allowed.forEach(name -> names.add(name.endsWith(".*") ? name.substring(0, name.length() - 2) : name));
        return names;
    }

    private boolean allows(Descriptor type) {
        for (var outer = type; outer != null; outer = outer.getContainingType()) {
            if (allowed.contains(outer.getFullName())) {
                return true;
            }
        }
        return allowed.contains(type.getFile().getPackage() + ".*");
    }
}
