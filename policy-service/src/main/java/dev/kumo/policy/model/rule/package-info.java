// SPDX-License-Identifier: Apache-2.0
/** Policies of all kinds as parsed and validated values: what a rule selects, which peers, ports and requests it names. */
@NullMarked
package dev.kumo.policy.model.rule;

import org.jspecify.annotations.NullMarked;
