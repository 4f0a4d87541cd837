// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import dev.kumo.stream.AckTable;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StatePublisher;

/** What a feed's server serves, and where it keeps what nodes answer. */
public record FeedState(StatePublisher publisher, AckTable acks, ReportTable reports) {
    public static FeedState empty() {
        return new FeedState(new StatePublisher(), new AckTable(), new ReportTable());
    }
}
