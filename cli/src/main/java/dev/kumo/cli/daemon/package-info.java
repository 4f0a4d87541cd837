// SPDX-License-Identifier: Apache-2.0
/** The dataplane's debug socket, seen by its client. */
@NullMarked
package dev.kumo.cli.daemon;

import org.jspecify.annotations.NullMarked;
