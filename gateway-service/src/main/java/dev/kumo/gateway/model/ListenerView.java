// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One listener of a Gateway.
 *
 * @param tls how connections are ended, if they are encrypted
 * @param unsupported fields that are set and that we don't serve, as paths
 */
public record ListenerView(
        String name,
        String protocol,
        int port,
        Hostname hostname,
        AllowedRoutes allowed,
        Optional<Tls> tls,
        List<String> unsupported) {

    /** @param mode Terminate or Passthrough */
    public record Tls(String mode, List<CertificateRef> certificates) {}

    /** An object that holds a certificate; defaults are filled in. */
    public record CertificateRef(String group, String kind, ObjectKey key) {
        public boolean isSecret() {
            return group.isEmpty() && kind.equals("Secret");
        }
    }

    public enum From {
        ALL,
        SAME,
        SELECTOR,
        NONE
    }

    /**
     * Which routes may attach.
     *
     * @param selector labels of namespaces, only with {@link From#SELECTOR}
     * @param kinds empty means every kind that the protocol carries
     */
    public record AllowedRoutes(From from, Optional<LabelSelector> selector, List<RouteKind> kinds) {}

    public record RouteKind(String group, String kind) {}

    /** A label selector: all of its requirements hold. */
    public record LabelSelector(List<Requirement> requirements) {
        public boolean matches(SortedMap<String, String> labels) {
            return requirements.stream().allMatch(requirement -> requirement.holds(labels));
        }
    }

    /** One requirement on labels; {@code In} with one value is a matchLabel. */
    public record Requirement(String key, Operator operator, List<String> values) {
        boolean holds(SortedMap<String, String> labels) {
            return switch (operator) {
                case IN -> values.contains(labels.get(key));
                case NOT_IN -> !values.contains(labels.get(key));
                case EXISTS -> labels.containsKey(key);
                case DOES_NOT_EXIST -> !labels.containsKey(key);
            };
        }
    }

    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }
}
