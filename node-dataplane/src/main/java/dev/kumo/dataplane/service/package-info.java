// SPDX-License-Identifier: Apache-2.0
/**
 * Services on this node: from the service feed, the node's facts and its pods' host ports to the maps {@code frontends},
 * {@code backend_sets}, {@code backends} and {@code source_ranges}, and to the health check ports of externalTrafficPolicy
 * Local.
 *
 * <pre>
 *   feed, nodes, host ports --> ServiceState --> FrontendPlanner (pure, one owner at a time)
 *                                                    |
 *                       FrontendTable (who serves which frontend) --> FrontendWriter --> Numbers, kernel maps
 *                                                    '--> HealthCheckPorts
 * </pre>
 */
@NullMarked
package dev.kumo.dataplane.service;

import org.jspecify.annotations.NullMarked;
