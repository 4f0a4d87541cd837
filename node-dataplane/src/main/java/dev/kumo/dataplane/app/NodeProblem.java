// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.stream.Reason;

/** Why the node takes no pods. */
record NodeProblem(Reason reason, String message) {}
