// SPDX-License-Identifier: Apache-2.0
/** The {@code kumo} command: one program, two homes. In the dataplane's pod it asks the dataplane over its socket; elsewhere it reads the cluster with a kubeconfig. */
@NullMarked
package dev.kumo.cli;

import org.jspecify.annotations.NullMarked;
