// SPDX-License-Identifier: Apache-2.0
/** From the plan to what the feed carries. */
@NullMarked
package dev.kumo.l2announcer.publish;

import org.jspecify.annotations.NullMarked;
