// SPDX-License-Identifier: Apache-2.0
/**
 * Pods of this node: their addresses, links and map entries, from ADD to DEL and across restarts. {@code cni} calls in;
 * kernel work runs on the apply loop.
 */
@NullMarked
package dev.kumo.dataplane.endpoint;

import org.jspecify.annotations.NullMarked;
