// SPDX-License-Identifier: Apache-2.0
/** The plan as entries of the service feed. */
@NullMarked
package dev.kumo.lbipam.publish;

import org.jspecify.annotations.NullMarked;
