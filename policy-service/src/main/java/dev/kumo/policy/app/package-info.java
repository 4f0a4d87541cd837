// SPDX-License-Identifier: Apache-2.0
/** Wiring of the policy service: configuration, health, metrics. */
@NullMarked
package dev.kumo.policy.app;

import org.jspecify.annotations.NullMarked;
