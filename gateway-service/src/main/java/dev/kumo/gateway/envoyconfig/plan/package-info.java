// SPDX-License-Identifier: Apache-2.0
/** Decides which Envoy configurations are in force, where, and for which Services. Pure. */
@NullMarked
package dev.kumo.gateway.envoyconfig.plan;

import org.jspecify.annotations.NullMarked;
