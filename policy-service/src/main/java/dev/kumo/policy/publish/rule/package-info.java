// SPDX-License-Identifier: Apache-2.0
/** Writes compiled rules as entries of the policy feed. Pure. */
@NullMarked
package dev.kumo.policy.publish.rule;

import org.jspecify.annotations.NullMarked;
