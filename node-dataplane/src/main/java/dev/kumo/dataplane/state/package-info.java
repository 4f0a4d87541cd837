// SPDX-License-Identifier: Apache-2.0
/** Files that outlive the process: written so that a reader, after a loss of power too, finds the old or the new content. */
@NullMarked
package dev.kumo.dataplane.state;

import org.jspecify.annotations.NullMarked;
