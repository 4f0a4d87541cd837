// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A watch of one second from a resourceVersion on: the API server tells at once all that has happened since
 * (kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of changes"). Used once, by one thread.
 */
final class Replay<R extends HasMetadata> implements Watcher<R> {
    private static final long SECONDS = 1;
    /** The server ends the watch after its second; who doesn't hear of that waits no longer than this. */
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long newest;
    private volatile boolean gone;

    /**
     * Blocks for a second or more.
     *
     * @return the highest resourceVersion told; {@code since} if nothing has happened; {@link Long#MAX_VALUE} if so much has that
     *     the server doesn't know it any more
     */
    long newestSince(long since, Watchable<R> objects) throws InterruptedException {
        newest = since;
        var options = new ListOptionsBuilder()
                .withResourceVersion(Long.toString(since))
                .withTimeoutSeconds(SECONDS)
                .build();
        try (var _ = objects.watch(options, this)) {
            var _ = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return gone ? Long.MAX_VALUE : newest;
    }

    @Override
    public boolean reconnecting() {
        return false;
    }

    @Override
    public void eventReceived(Action action, R object) {
        var version = object.getMetadata().getResourceVersion();
        if (action != Action.BOOKMARK && version != null) {
            newest = Math.max(newest, Long.parseLong(version));
        }
    }

    @Override
    public void onClose() {
        ended.countDown();
    }

    @Override
    public void onClose(WatcherException cause) {
        gone = cause.isHttpGone();
        ended.countDown();
    }
}
