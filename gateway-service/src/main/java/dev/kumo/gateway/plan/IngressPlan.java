// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.TlsSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What shall be for the Ingresses of our class; every list is ordered by name. */
public record IngressPlan(
        List<IngressStatus> ingresses,
        List<IngressService> services,
        List<HttpListener> listeners,
        List<BackendCluster> clusters,
        List<TlsSecret.KeyPair> certificates) {

    /** What people are told of each Ingress: what isn't served, and what nodes refuse. By the Ingress's name. */
    public SortedMap<ObjectKey, List<Problem>> told(Map<String, Confirmation> confirmations) {
        var told = new TreeMap<ObjectKey, List<Problem>>();
        var byService = listeners.stream().collect(Collectors.groupingBy(HttpListener::service));
        for (var status : ingresses) {
            var refused = byService.getOrDefault(status.service(), List.of()).stream()
                    .map(listener -> confirmations.get(listener.name()))
                    .filter(Confirmation.Refused.class::isInstance)
                    .map(word -> new Problem("Invalid", word.message()));
            told.put(
                    status.key(),
                    Stream.concat(status.problems().stream(), refused).toList());
        }
        return told;
    }

    /**
     * @param addresses for status.loadBalancer
     * @param problems what isn't served and why, for people
     * @param service that it gets its address from
     */
    public record IngressStatus(ObjectKey key, List<String> addresses, List<Problem> problems, ObjectKey service) {}

    /** @param reason a word in the manner of Gateway API's reasons */
    public record Problem(String reason, String message) {
        static Problem unsupported(String message) {
            return new Problem("UnsupportedValue", message);
        }

        static Problem of(Fault fault) {
            return new Problem(fault.reason(), fault.message());
        }
    }

    /**
     * The Service that gives one Ingress, or all that share, an address; it selects no pod.
     *
     * @param ingress its owner, absent if it is shared
     * @param type LoadBalancer or NodePort
     * @param loadBalancerClass empty if none
     * @param externalTrafficPolicy empty leaves it to the API server
     * @param https what its port for requests over TLS would be
     */
    public record IngressService(
            ObjectKey key,
            Optional<ObjectKey> ingress,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            String type,
            String loadBalancerClass,
            String externalTrafficPolicy,
            List<Port> ports,
            Port https) {
        /** With its port for requests over TLS as well. */
        IngressService withHttps() {
            var both = List.of(ports.getFirst(), https);
            return new IngressService(
                    key, ingress, labels, annotations, type, loadBalancerClass, externalTrafficPolicy, both, https);
        }

        /** @param nodePort absent lets the API server choose */
        public record Port(String name, int number, OptionalInt nodePort) {}
    }
}
