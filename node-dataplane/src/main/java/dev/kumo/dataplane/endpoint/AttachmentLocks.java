// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lets one thread at a time work on an interface; others go on. Any thread. */
final class AttachmentLocks {
    private final Set<Attachment> taken = new TreeSet<>();

    /** To be closed by whoever got it, in a try. */
    final class Held implements AutoCloseable {
        private final Attachment attachment;

        private Held(Attachment attachment) {
            this.attachment = attachment;
        }

        @Override
        public void close() {
            release(attachment);
        }
    }

    /** Waits for its turn. */
    synchronized Held lock(Attachment attachment) {
        boolean interrupted = false;
        while (!taken.add(attachment)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Held(attachment);
    }

    /** Empty if somebody works on it. */
    synchronized Optional<Held> tryLock(Attachment attachment) {
        return taken.add(attachment) ? Optional.of(new Held(attachment)) : Optional.empty();
    }

    private synchronized void release(Attachment attachment) {
        taken.remove(attachment);
        notifyAll();
    }
}
