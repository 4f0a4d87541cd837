// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Holds the latest snapshot of one feed and tells subscribers which keys changed. The latest wins; an equal snapshot is
 * told to nobody. Any thread; subscribers are called on the publishing thread and must not block.
 */
public final class StatePublisher {
    /** Told after {@link #current()} has changed. */
    public interface Subscriber {
        void changed(StateDelta delta);
    }

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile @Nullable StateSnapshot current;

    /** @return the latest snapshot; null before the first, when there is nothing to serve yet */
    public @Nullable StateSnapshot current() {
        return current;
    }

    public synchronized void publish(StateSnapshot next) {
        var before = current;
        if (next.equals(before)) {
            return;
        }
        current = next;
        var delta = StateDelta.between(before == null ? StateSnapshot.empty() : before, next);
        subscribers.forEach(subscriber -> subscriber.changed(delta));
    }

    /** The subscriber sees every change from now on; it reads {@link #current()} itself for what was before. */
    public synchronized AutoCloseable subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }
}
