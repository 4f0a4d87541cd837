// SPDX-License-Identifier: Apache-2.0
/**
 * What the plugin on the host asks, over a unix socket: CNI 1.1.0 (https://www.cni.dev/docs/spec/) between its JSON and
 * {@code endpoint}.
 */
@NullMarked
package dev.kumo.dataplane.cni;

import org.jspecify.annotations.NullMarked;
