// SPDX-License-Identifier: Apache-2.0
/** Turns the plan into Envoy v3 resources. Pure; any thread. */
@NullMarked
package dev.kumo.gateway.translate;

import org.jspecify.annotations.NullMarked;
