// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.HttpFilter.HeaderChange;
import dev.kumo.gateway.model.HttpMatch;
import dev.kumo.gateway.model.ObjectKey;
import java.util.List;

/**
 * One port of a Gateway or Ingress with all that it serves.
 *
 * @param name stable as long as the port is served: {@code namespace/service/port}
 * @param chains certificates by server name; empty is plain HTTP
 * @param service whose port it serves
 * @param owner kind, namespace and name of the Gateway, the Ingress, or the Service that Ingresses share
 */
public record HttpListener(
        String name, ObjectKey service, String owner, int port, List<TlsChain> chains, List<VirtualHost> hosts) {

    /** @param serverName that the client asks for (SNI) @param secrets of which the client's sort is taken */
    public record TlsChain(Hostname serverName, List<ObjectKey> secrets) {}

    public boolean isTls() {
        return !chains.isEmpty();
    }

    /** All of it but its requests. */
    public HttpListener withoutHosts() {
        return new HttpListener(name, service, owner, port, chains, List.of());
    }

    /** Secrets that it needs, each once. */
    public List<ObjectKey> secrets() {
        return chains.stream()
                .flatMap(chain -> chain.secrets().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The requests of one domain; one without entries keeps the domain from a listener that is less specific.
     *
     * @param entries in order of precedence
     */
    public record VirtualHost(String domain, List<Entry> entries) {}

    /**
     * What happens to the requests of one match.
     *
     * @param name {@code namespace/route/rule/match}
     */
    public record Entry(String name, HttpMatch match, HeaderChange request, HeaderChange response, HttpAction action) {}
}
