// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

/**
 * What a load balancer outside the cluster is told at a Service's healthCheckNodePort.
 *
 * @param localEndpoints ready endpoints on this node; 0 keeps the load balancer away, also while endpoints that terminate
 *     still serve (KEP-1669)
 */
public record HealthCheck(String namespace, String name, int port, int localEndpoints) {}
