// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.IngressView;
import dev.kumo.gateway.plan.IngressPlan.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an Ingress's annotations {@code ingress.cilium.io/…} ask for, as Cilium 1.20 has them.
 *
 * @param serviceType LoadBalancer or NodePort
 * @param loadBalancerClass empty if none
 * @param externalTrafficPolicy empty leaves it to the API server
 * @param nodePort of port 80
 * @param secureNodePort of port 443
 * @param forceHttps whether hosts with a certificate answer plain requests with a redirection
 */
record IngressSettings(
        boolean shared,
        String serviceType,
        String loadBalancerClass,
        String externalTrafficPolicy,
        OptionalInt nodePort,
        OptionalInt secureNodePort,
        boolean forceHttps,
        List<Problem> problems) {

    private static final String PREFIX = "ingress.cilium.io/";
    private static final String ENABLED = "enabled";
    private static final String MODE = "loadbalancer-mode";
    private static final String CLASS = "loadbalancer-class";
    private static final String TYPE = "service-type";
    private static final String POLICY = "service-external-traffic-policy";
    private static final String NODE_PORT = "insecure-node-port";
    private static final String SECURE_NODE_PORT = "secure-node-port";
    private static final String FORCE_HTTPS = "force-https";
    private static final Set<String> SERVED =
            Set.of(MODE, CLASS, TYPE, POLICY, NODE_PORT, SECURE_NODE_PORT, FORCE_HTTPS);

    static IngressSettings of(IngressView ingress, IngressDefaults defaults) {
        return new Reading(ingress.annotations()).settings(defaults);
    }

    /** One reading; remembers what it couldn't take. */
    private record Reading(Map<String, String> annotations, List<Problem> problems) {
        Reading(Map<String, String> annotations) {
            this(annotations, new ArrayList<>());
        }

        IngressSettings settings(IngressDefaults defaults) {
            annotations.keySet().stream()
                    .filter(name -> name.startsWith(PREFIX) && !SERVED.contains(name.substring(PREFIX.length())))
                    .forEach(name ->
                            problems.add(Problem.unsupported("annotation %s is not supported".formatted(name))));
            boolean shared = choice(MODE, defaults.shared() ? "shared" : "dedicated", "dedicated", "shared")
                    .equals("shared");
            var type = choice(TYPE, defaults.serviceType(), "LoadBalancer", "NodePort");
            return new IngressSettings(
                    shared,
                    type,
                    type.equals("LoadBalancer") ? annotations.getOrDefault(PREFIX + CLASS, "") : "",
                    choice(POLICY, "", "Cluster", "Local"),
                    nodePort(NODE_PORT),
                    nodePort(SECURE_NODE_PORT),
                    choice(FORCE_HTTPS, defaults.enforceHttps() ? ENABLED : "disabled", ENABLED, "disabled")
                            .equals(ENABLED),
                    List.copyOf(problems));
        }

        private String choice(String name, String otherwise, String... legal) {
            var value = annotations.getOrDefault(PREFIX + name, "");
            if (value.isEmpty() || List.of(legal).contains(value)) {
                return value.isEmpty() ? otherwise : value;
            }
            problems.add(Problem.unsupported(
                    "annotation %s%s: %s is not one of %s".formatted(PREFIX, name, value, String.join(", ", legal))));
            return otherwise;
        }

        private OptionalInt nodePort(String name) {
            var value = annotations.getOrDefault(PREFIX + name, "");
            if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) > 0 && Integer.parseInt(value) < 65536) {
                return OptionalInt.of(Integer.parseInt(value));
            }
            if (!value.isEmpty()) {
                problems.add(Problem.unsupported("annotation %s%s: %s is no port".formatted(PREFIX, name, value)));
            }
            return OptionalInt.empty();
        }
    }
}
