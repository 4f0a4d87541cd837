// SPDX-License-Identifier: Apache-2.0
/** The side of a feed that a node runs: subscription, reports, what is kept on disk. */
@NullMarked
package dev.kumo.stream.node;

import org.jspecify.annotations.NullMarked;
