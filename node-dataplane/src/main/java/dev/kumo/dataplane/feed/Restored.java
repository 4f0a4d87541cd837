// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.DesiredStore;
import java.nio.file.Path;

/** A feed's state as an earlier run left it on disk. */
record Restored(FeedMethods feed, DesiredStore store) {
    /** @param directory of state files; one file a feed */
    static Restored open(FeedMethods feed, Path directory) {
        return new Restored(feed, DesiredStore.open(directory.resolve(feed.feed() + ".bin"), Restored::isSensitive));
    }

    /** TLS keys stay in memory; what can't be read might be one. */
    private static boolean isSensitive(StateItem item) {
        if (!item.key().table().equals(Table.RESOURCES.name())) {
            return false;
        }
        try {
            return EnvoyResource.parseFrom(item.value()).getSensitive();
        } catch (InvalidProtocolBufferException e) {
            return true;
        }
    }
}
