// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import dev.kumo.gateway.model.HttpMatch.PathMatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * An Ingress.
 *
 * @param ingressClass its ingressClassName, else the annotation kubernetes.io/ingress.class, else empty
 * @param problems what of it isn't served, as {@code path: why}
 */
public record IngressView(
        ObjectKey key,
        Stamp stamp,
        String ingressClass,
        SortedMap<String, String> annotations,
        Optional<Backend> fallback,
        List<Tls> tls,
        List<Rule> rules,
        List<String> problems) {

    /** A certificate. @param hosts that it is for; empty is every host @param secret empty if none is named */
    public record Tls(List<Hostname> hosts, String secret) {}

    /** Paths of one host. @param host a wildcard stands for one label, unlike Gateway API's */
    public record Rule(Hostname host, List<Path> paths) {}

    public record Path(PathMatch match, Backend backend) {}

    /** A Service of the Ingress's namespace. @param port missing where a name is given */
    public record Backend(String service, OptionalInt port, String portName) {}
}
