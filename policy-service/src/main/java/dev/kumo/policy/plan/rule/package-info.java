// SPDX-License-Identifier: Apache-2.0
/**
 * Compiles rules into policy classes: pure functions of policies, identities, endpoints and Services. Everything is
 * immutable and independent of the inputs' order; nothing here knows the API server or the feeds.
 */
@NullMarked
package dev.kumo.policy.plan.rule;

import org.jspecify.annotations.NullMarked;
