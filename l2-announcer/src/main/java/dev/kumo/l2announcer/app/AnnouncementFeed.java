// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.kube.service.FeedSource;
import dev.kumo.stream.StateSnapshot;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The announcement feed. No kind of this service is installed, so no address is announced: nodes are in sync with nothing.
 */
@Singleton
public final class AnnouncementFeed implements FeedSource {
    @Override
    public Optional<StateSnapshot> plan() {
        return Optional.of(StateSnapshot.empty());
    }
}
