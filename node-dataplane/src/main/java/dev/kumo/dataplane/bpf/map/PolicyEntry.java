// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A rule's verdict.
 *
 * @param flags {@link #DENY} or 0
 * @param slot the L7 slot that decides on each request, 0 for none
 */
@RegisterForReflection
public record PolicyEntry(int flags, int slot) {
    public static final int DENY = 1;
}
