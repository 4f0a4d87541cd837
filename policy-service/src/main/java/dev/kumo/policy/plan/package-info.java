// SPDX-License-Identifier: Apache-2.0
/** Pure planners: from what Kubernetes and the nodes say to what nodes are told and what is written. */
@NullMarked
package dev.kumo.policy.plan;

import org.jspecify.annotations.NullMarked;
