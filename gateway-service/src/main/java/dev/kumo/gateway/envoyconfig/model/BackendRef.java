// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

import dev.kumo.gateway.model.ObjectKey;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Endpoints that Envoy is asked to discover.
 *
 * @param port name or number; empty means the one that is listed, or the only one
 */
public record BackendRef(ObjectKey service, String port) implements Comparable<BackendRef> {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern FORM =
            Pattern.compile("(?<namespace>%s)/(?<name>%s)(:(?<port>%s))?".formatted(LABEL, LABEL, LABEL));

    /** @param name {@code namespace/service} or {@code namespace/service:port}; anything else names no Service */
    public static Optional<BackendRef> parse(String name) {
        var matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var port = matcher.group("port");
        return Optional.of(new BackendRef(
                new ObjectKey(matcher.group("namespace"), matcher.group("name")), port == null ? "" : port));
    }

    @Override
    public int compareTo(BackendRef other) {
        int order = service.compareTo(other.service);
        return order != 0 ? order : port.compareTo(other.port);
    }

    @Override
    public String toString() {
        return port.isEmpty() ? service.toString() : service + ":" + port;
    }
}
