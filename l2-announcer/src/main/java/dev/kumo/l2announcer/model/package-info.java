// SPDX-License-Identifier: Apache-2.0
/**
 * What the planner reads: the parts of policies, Services, EndpointSlices, Nodes, Leases and nodes' reports that matter, as
 * values. Strings are as users wrote them; judging them is the planner's work. Everything here is immutable.
 */
@NullMarked
package dev.kumo.l2announcer.model;

import org.jspecify.annotations.NullMarked;
