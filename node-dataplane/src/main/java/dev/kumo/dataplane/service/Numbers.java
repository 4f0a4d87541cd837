// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.state.StateFileException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The node's own numbers of Services, backend sets and backends, as the kernel's maps, conntrack and affinity name them.
 * Conntrack outlives the maps that are filled anew after a change of their layout, so Services' and backends' numbers are kept
 * on disk; sets are named by frontends only and are read back from the kernel. Apply-loop thread only.
 */
public final class Numbers {
    private static final Logger LOG = Logger.getLogger(Numbers.class);

    private final NumberSpace<Owner> services = new NumberSpace<>();
    private final NumberSpace<Backend> backends = new NumberSpace<>();
    private final NumberSpace<List<Backend>> sets = new NumberSpace<>();
    private final NumberFile file;
    private boolean unsaved;

    /** Reads the file; a missing or unreadable one gives no numbers, and those that the kernel holds are adopted. */
    public Numbers(NumberFile file) {
        this.file = file;
        file.read(this);
        takeChanged();
    }

    NumberSpace<Owner> services() {
        return services;
    }

    NumberSpace<Backend> backends() {
        return backends;
    }

    NumberSpace<List<Backend>> sets() {
        return sets;
    }

    /**
     * Writes the file if a number was given. A disk that can't be written holds up no Service: the kernel's maps tell all but
     * what was freed, and the next call tries again.
     */
    void save() {
        unsaved |= takeChanged();
        if (unsaved) {
            try {
                file.write(this);
                unsaved = false;
            } catch (StateFileException e) {
                LOG.errorf("reason=%s %s; going on without it", e.reason(), e.getMessage());
            }
        }
    }

    private boolean takeChanged() {
        return services.takeChanged() | backends.takeChanged() | sets.takeChanged();
    }
}
