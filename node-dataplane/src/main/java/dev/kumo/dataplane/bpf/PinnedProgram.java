// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.nio.file.Path;

/**
 * A program in the kernel.
 *
 * @param attachType {@code enum bpf_attach_type}, for those that sit on cgroups
 * @param fd open as long as the datapath
 * @param id the kernel's number
 */
record PinnedProgram(String name, int attachType, int fd, int id, Path pin) {}
