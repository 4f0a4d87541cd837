// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import dev.kumo.stream.Reason;
import java.util.Optional;

/** Whether the node can take pods. Any thread; no I/O. */
@FunctionalInterface
public interface CniReadiness {
    /** Empty if it can. */
    Optional<NotReady> obstacle();

    /**
     * Why it cannot.
     *
     * @param limited whether running pods may be cut off too
     */
    record NotReady(Reason reason, String message, boolean limited) {}
}
