// SPDX-License-Identifier: Apache-2.0
/**
 * The only place that calls native code: libbpf (1.1 or later) and a handful of libc's calls, through JNA direct mapping.
 *
 * <p>A thin layer without decisions. Unless said otherwise a method returns what the call returned, or the negative error number
 * as libbpf does. The error number of a libc call is read from JNA's per-thread store, which is only right on platform threads:
 * nothing here may run on a virtual one.
 */
@NullMarked
package dev.kumo.dataplane.bpf.jna;

import org.jspecify.annotations.NullMarked;
