// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.kube.service.FeedSource;
import dev.kumo.stream.StateSnapshot;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The Envoy feed. No kind of this service is installed, so there is nothing to serve: nodes are in sync with nothing. */
@Singleton
public final class EnvoyFeed implements FeedSource {
    @Override
    public Optional<StateSnapshot> plan() {
        return Optional.of(StateSnapshot.empty());
    }
}
