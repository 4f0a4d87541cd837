// SPDX-License-Identifier: Apache-2.0
/** The plan as entries of the policy feed, and when an endpoint's entry may go out. */
@NullMarked
package dev.kumo.policy.publish;

import org.jspecify.annotations.NullMarked;
