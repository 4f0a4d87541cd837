// SPDX-License-Identifier: Apache-2.0
/** Outcomes of pure functions, kept between plans. Knows nothing of what it keeps. */
@NullMarked
package dev.kumo.stream.memo;

import org.jspecify.annotations.NullMarked;
