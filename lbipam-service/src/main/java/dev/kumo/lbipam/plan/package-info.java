// SPDX-License-Identifier: Apache-2.0
/** Pure planning: inputs to desired state and problems, with no client, clock, thread or randomness. */
@NullMarked
package dev.kumo.lbipam.plan;

import org.jspecify.annotations.NullMarked;
