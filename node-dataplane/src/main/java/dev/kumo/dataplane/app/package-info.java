// SPDX-License-Identifier: Apache-2.0
/** Wiring: configuration, start-up in order, health, metrics. The only package that knows all others and Quarkus. */
@NullMarked
package dev.kumo.dataplane.app;

import org.jspecify.annotations.NullMarked;
