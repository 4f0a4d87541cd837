// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.reconcile;

import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import java.util.Set;

/**
 * One feature of the node: takes up what the feeds say of its tables and makes it true in the kernel. The apply loop
 * calls every method on its own thread, so a manager needs no locks.
 */
public interface Manager {
    /** For logs and metrics, such as "services". */
    String name();

    Priority priority();

    /** The tables whose changes it wants; it gets every change of their feeds, also those that only tell of sync. */
    Set<Table<?>> tables();

    /** Notes what changed. No I/O: the kernel is touched by {@link #apply} alone. */
    void onUpdate(DesiredChange change);

    /**
     * Makes true what isn't yet, until done or the slice is over. Called after an update, after {@link ApplyLoop#wake}
     * and again after a failure. Whatever it throws counts as a failure that is tried again.
     */
    Applied apply(Slice slice);
}
