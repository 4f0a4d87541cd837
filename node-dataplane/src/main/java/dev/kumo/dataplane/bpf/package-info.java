// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel half as Java sees it: programs and maps loaded from {@code bpf/}'s objects or adopted from their pins.
 *
 * <p>Everyone in the dataplane may use {@link dev.kumo.dataplane.bpf.Datapath} and {@link dev.kumo.dataplane.bpf.KernelMap};
 * native calls are made in {@code bpf.jna} only.
 */
@NullMarked
package dev.kumo.dataplane.bpf;

import org.jspecify.annotations.NullMarked;
