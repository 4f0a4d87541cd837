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
    @FunctionalInterface
    public interface Subscriber {
        /** May be empty: then only resourceVersions have moved, or there is nothing to serve any more. */
        void changed(StateDelta delta);
    }

    /** Ends by being closed. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile @Nullable StateSnapshot current;

    /** @return the latest snapshot; null while there is nothing to serve */
    public @Nullable StateSnapshot current() {
        return current;
    }

    public synchronized void publish(StateSnapshot next) {
        var before = current;
        if (next.equals(before)) {
            return;
        }
        current = next;
        tell(StateDelta.between(before == null ? StateSnapshot.empty() : before, next));
    }

    /** Serves nothing until the next {@link #publish}: nodes are sent to another replica, with what they hold. */
    public synchronized void withdraw() {
        if (current != null) {
            current = null;
            tell(StateDelta.none());
        }
    }

    /** The subscriber sees every change from now on; it reads {@link #current()} itself for what was before. */
    public synchronized Subscription subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    private void tell(StateDelta delta) {
        subscribers.forEach(subscriber -> subscriber.changed(delta));
    }
}
