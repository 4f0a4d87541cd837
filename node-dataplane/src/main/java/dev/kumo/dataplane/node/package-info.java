// SPDX-License-Identifier: Apache-2.0
/** The node among the others: who it is, where the other nodes' pods are, and whose address an address is. */
@NullMarked
package dev.kumo.dataplane.node;

import org.jspecify.annotations.NullMarked;
