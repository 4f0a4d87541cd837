// SPDX-License-Identifier: Apache-2.0
/** Makes the kernel equal to what is desired: what differs, what is still to do, and the one thread that does it. */
@NullMarked
package dev.kumo.dataplane.reconcile;

import org.jspecify.annotations.NullMarked;
