// SPDX-License-Identifier: Apache-2.0
/** What tests of several modules share; knows no product code. */
@NullMarked
package dev.kumo.testkit;

import org.jspecify.annotations.NullMarked;
