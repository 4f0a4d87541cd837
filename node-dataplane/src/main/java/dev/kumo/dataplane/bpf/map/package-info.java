// SPDX-License-Identifier: Apache-2.0
/**
 * Keys and values of the kernel's maps: one record a C struct of {@code bpf/include}, components named as the C fields.
 * Sizes, offsets and byte order are the objects' own, read from their BTF; numbers here are in host order throughout.
 */
@NullMarked
package dev.kumo.dataplane.bpf.map;

import org.jspecify.annotations.NullMarked;
