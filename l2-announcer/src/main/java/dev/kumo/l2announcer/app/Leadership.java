// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.kube.KubeTable;
import java.util.function.BooleanSupplier;

/**
 * Whether this replica speaks: it leads, and has listed Leases anew since it does, because what its predecessor wrote last may
 * not have come through its watch. Planning thread only.
 */
final class Leadership {
    private final BooleanSupplier leading;
    private final KubeTable<?> leases;
    private Term term = Term.FOLLOWING;

    private enum Term {
        FOLLOWING,
        ELECTED,
        LISTING,
        LEADING
    }

    Leadership(BooleanSupplier leading, KubeTable<?> leases) {
        this.leading = leading;
        this.leases = leases;
    }

    boolean speaks() {
        if (!leading.getAsBoolean()) {
            term = Term.FOLLOWING;
        } else if (term == Term.FOLLOWING) {
            term = Term.ELECTED;
        }
        if (term == Term.ELECTED && leases.relist()) {
            term = Term.LISTING;
        }
        if (term == Term.LISTING && !leases.relisting()) {
            term = Term.LEADING;
        }
        return term == Term.LEADING;
    }
}
