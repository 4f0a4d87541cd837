// SPDX-License-Identifier: Apache-2.0
/** Reads Gateway API objects, strictly, into the model, and writes statuses as the objects that Kubernetes stores. */
@NullMarked
package dev.kumo.gateway.read;

import org.jspecify.annotations.NullMarked;
