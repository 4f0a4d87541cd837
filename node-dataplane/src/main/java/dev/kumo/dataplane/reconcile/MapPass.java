// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.util.List;

/**
 * How far a pass over a map's pending entries came.
 *
 * @param complete every pending entry was tried; otherwise the slice ended first and the next call goes on
 * @param failures of a complete pass; those of an incomplete one follow with its last part
 */
public record MapPass<K>(boolean complete, List<MapFailure<K>> failures) {
    public MapPass {
        failures = List.copyOf(failures);
    }

    public boolean isClean() {
        return complete && failures.isEmpty();
    }
}
