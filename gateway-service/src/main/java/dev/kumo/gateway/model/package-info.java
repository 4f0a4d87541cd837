// SPDX-License-Identifier: Apache-2.0
/** Kubernetes objects as the planner sees them: validated values, defaults filled in, no client type. Everything is immutable. */
@NullMarked
package dev.kumo.gateway.model;

import org.jspecify.annotations.NullMarked;
