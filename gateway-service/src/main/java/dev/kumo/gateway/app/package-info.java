// SPDX-License-Identifier: Apache-2.0
/** Wiring of the gateway service. */
@NullMarked
package dev.kumo.gateway.app;

import org.jspecify.annotations.NullMarked;
