// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import java.util.OptionalInt;

/**
 * What Ingresses get that don't say otherwise.
 *
 * @param shared whether they share one Service, in loadbalancer-mode {@code shared}, or have one each
 * @param serviceType LoadBalancer or NodePort
 * @param nodePort of the shared Service's port 80, if it is of type NodePort
 * @param secureNodePort of its port 443
 * @param enforceHttps whether hosts with a certificate answer plain requests with a redirection
 */
public record IngressDefaults(
        boolean shared, String serviceType, OptionalInt nodePort, OptionalInt secureNodePort, boolean enforceHttps) {}
