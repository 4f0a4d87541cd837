// SPDX-License-Identifier: Apache-2.0
/**
 * Configuration for this node's Envoy: a delta ADS server on a unix socket. Knows Envoy's protos and nothing of Kubernetes
 * or of the kernel.
 */
@NullMarked
package dev.kumo.dataplane.envoy;

import org.jspecify.annotations.NullMarked;
