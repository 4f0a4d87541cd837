// SPDX-License-Identifier: Apache-2.0
/** What the planners read of Pods, Namespaces, Nodes, CiliumIdentities and reports, as values. Everything is immutable. */
@NullMarked
package dev.kumo.policy.model;

import org.jspecify.annotations.NullMarked;
