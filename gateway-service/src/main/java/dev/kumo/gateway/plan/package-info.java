// SPDX-License-Identifier: Apache-2.0
/** Decides from the model which listeners, routes and Services there shall be, and what each object is told. Pure; any thread. */
@NullMarked
package dev.kumo.gateway.plan;

import org.jspecify.annotations.NullMarked;
