// SPDX-License-Identifier: Apache-2.0
/** Envoy configurations as the planner sees them: names and references, no Envoy message. Immutable. */
@NullMarked
package dev.kumo.gateway.envoyconfig.model;

import org.jspecify.annotations.NullMarked;
