// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import java.time.Duration;

/** Told of each turn that a manager had; called on the apply loop's thread, so it must be quick. */
@FunctionalInterface
public interface ApplyListener {
    ApplyListener NONE = (manager, took, applied) -> {};

    void applied(Manager manager, Duration took, Applied applied);
}
