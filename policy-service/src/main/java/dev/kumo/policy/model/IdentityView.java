// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

/** A CiliumIdentity: the allocation of a number to labels. */
public record IdentityView(int number, SecurityLabels labels) {}
