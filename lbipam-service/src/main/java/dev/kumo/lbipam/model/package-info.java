// SPDX-License-Identifier: Apache-2.0
/**
 * What the planners read: the parts of Services and EndpointSlices that matter, as values.
 *
 * <p>Strings are as users wrote them; judging them is the planner's work, so that every fault becomes a problem of its
 * object and of no other. Everything here is immutable.
 */
@NullMarked
package dev.kumo.lbipam.model;

import org.jspecify.annotations.NullMarked;
