// SPDX-License-Identifier: Apache-2.0
/** What fuzz tests make of a fuzzer's bytes. */
@NullMarked
package dev.kumo.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
