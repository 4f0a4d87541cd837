// SPDX-License-Identifier: Apache-2.0
/** Where the planner meets Kubernetes: reading API objects into the model. */
@NullMarked
package dev.kumo.lbipam.app;

import org.jspecify.annotations.NullMarked;
