// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.ReportCheck;
import dev.kumo.stream.server.ServerTls;
import java.util.Optional;

/** What a control service adds to the frame: one bean a service. */
public interface FeedSource {
    /**
     * Computes what the feed serves from what the tables hold now. Called on the tables' thread after all have synced, and
     * again after each change; never twice at once.
     *
     * @return empty while there is nothing to serve yet: nodes then go on under what they hold
     */
    Optional<StateSnapshot> plan();

    /** Judges what nodes report; without reports in the feed nothing is taken. */
    default ReportCheck reportCheck() {
        return (_, item) -> Optional.of(new ItemRefusal(
                item.key(),
                Reason.UNSUPPORTED,
                "this feed takes no table " + item.key().table()));
    }

    /** Where the feed's certificate comes from. */
    default ServerTls tls(ControlConfig config) {
        return ServerTls.files(
                config.tlsDirectory().resolve("tls.crt"), config.tlsDirectory().resolve("tls.key"));
    }
}
