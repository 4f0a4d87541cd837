// SPDX-License-Identifier: Apache-2.0
/**
 * Which Service gets which LoadBalancer address: pools, conflicts, requests, sharing. Pure; addresses that Services hold
 * come in with their status.
 */
@NullMarked
package dev.kumo.lbipam.plan.address;

import org.jspecify.annotations.NullMarked;
