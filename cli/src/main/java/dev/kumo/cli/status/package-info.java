// SPDX-License-Identifier: Apache-2.0
/** What {@code kumo status} says: facts of the cluster, what they mean (pure), how it looks. */
@NullMarked
package dev.kumo.cli.status;

import org.jspecify.annotations.NullMarked;
