// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvoyManagerTest {
    private final List<String> told = new ArrayList<>();
    private final EnvoyManager manager = new EnvoyManager((upserts, removes) -> told.add(
            "+" + upserts.stream().map(resource -> resource.name().name()).toList() + " -"
                    + removes.stream().map(ResourceName::name).toList()));

    @Test
    void tellsNothingBeforeTheFeedIsInSyncThenAllThatThereIs() {
        manager.onUpdate(upsert(false, cluster("a"), cluster("b")));
        manager.onUpdate(remove(false, "b"));
        manager.apply(Slice.unlimited());
        assertThat(told).isEmpty();

        manager.onUpdate(upsert(true));
        assertThat(manager.apply(Slice.unlimited())).isEqualTo(Applied.done());
        assertThat(told).containsExactly("+[a] -[b]");
    }

    @Test
    void tellsThatThereIsNothing() {
        manager.onUpdate(upsert(true));
        manager.apply(Slice.unlimited());
        manager.apply(Slice.unlimited());
        assertThat(told).containsExactly("+[] -[]");
    }

    @Test
    void refusesWhatEnvoyIsNotServedAndGoesOn() {
        manager.onUpdate(upsert(true, item("odd", Empty.getDefaultInstance()), cluster("a")));
        assertThat(manager.apply(Slice.unlimited()))
                .isInstanceOfSatisfying(
                        Applied.Done.class,
                        done -> assertThat(done.refusals())
                                .extracting(ItemRefusal::reason)
                                .containsExactly(Reason.UNSUPPORTED));
        assertThat(told).containsExactly("+[a] -[]");
    }

    private static Entry cluster(String name) {
        return item(name, Cluster.newBuilder().setName(name).build());
    }

    private static Entry item(String name, Message body) {
        var item = dev.kumo.contract.envoy.v1.EnvoyResource.newBuilder()
                .setName(name)
                .setResource(Any.pack(body))
                .build();
        return new Entry(Table.RESOURCES.item(name), item);
    }

    private static DesiredChange upsert(boolean inSync, Entry... entries) {
        return new DesiredChange(FeedMethods.ENVOY, List.of(entries), List.of(), inSync);
    }

    private static DesiredChange remove(boolean inSync, String key) {
        return new DesiredChange(FeedMethods.ENVOY, List.of(), List.of(Table.RESOURCES.item(key)), inSync);
    }
}
