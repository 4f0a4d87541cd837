// SPDX-License-Identifier: Apache-2.0
/** Desired state as items with content hashes, and what is said about them. No Kubernetes, no BPF, no Quarkus. */
@NullMarked
package dev.kumo.stream;

import org.jspecify.annotations.NullMarked;
