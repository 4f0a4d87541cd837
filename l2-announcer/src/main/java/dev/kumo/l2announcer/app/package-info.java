// SPDX-License-Identifier: Apache-2.0
/** Wiring of the L2 announcer. */
@NullMarked
package dev.kumo.l2announcer.app;

import org.jspecify.annotations.NullMarked;
