// SPDX-License-Identifier: Apache-2.0
/**
 * Who answers for which address: a pure function of policies, Services, Nodes, reports and the Leases in which earlier answers
 * stand.
 */
@NullMarked
package dev.kumo.l2announcer.plan;

import org.jspecify.annotations.NullMarked;
