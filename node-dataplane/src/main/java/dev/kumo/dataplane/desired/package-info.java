// SPDX-License-Identifier: Apache-2.0
/** What the feeds say, decoded: one message an item, one refusal a bad item. */
@NullMarked
package dev.kumo.dataplane.desired;

import org.jspecify.annotations.NullMarked;
