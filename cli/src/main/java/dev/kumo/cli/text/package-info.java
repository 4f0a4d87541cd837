// SPDX-License-Identifier: Apache-2.0
/** Text for terminals. */
@NullMarked
package dev.kumo.cli.text;

import org.jspecify.annotations.NullMarked;
