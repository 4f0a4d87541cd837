// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.awaitility.Awaitility.await;

import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.ObjectName;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.kube.service.WireAddress;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.StateSnapshot;
import dev.kumo.stream.server.FeedState;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One replica of the policy service without its server; w1 reports pod web, w2 pod client. */
final class Replica implements AutoCloseable {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final KubernetesClient client;
    private final TableSet tables;
    private final LeaderGate leader;
    private final FeedState state = FeedState.empty();
    private final IdentityWriter identities;
    private final NodeWriter nodes;
    private final PolicyStatusWriter conditions;
    private final PolicyEvents events;
    private final PolicyFeed feed;

    Replica(RecordingApiServer api, boolean leads) {
        client = api.client();
        tables = new TableSet("policy", client);
        leader = new LeaderGate(client, new ObjectName("kumo-system", "policy-service"), "replica");
        var clock = Clock.systemUTC();
        identities = new IdentityWriter(client, clock, metrics);
        nodes = new NodeWriter(client, clock, metrics);
        conditions = new PolicyStatusWriter(client, clock, metrics);
        events = new PolicyEvents(client, clock, metrics);
        PolicyConfig config = () -> Duration.ofMinutes(10);
        // No call gets as far as the certificate.
        feed = new PolicyFeed(
                new PolicyTables(tables),
                state,
                new PolicyWrites(leader, identities, nodes, conditions, events, config),
                new ProblemLog(metrics),
                null,
                clock);
        report("w1", "web", "10.244.1.7");
        report("w2", "client", "10.244.2.7");
        tables.start(() -> {});
        await().until(tables::synced);
        if (leads) {
            leader.start();
            await().until(leader::leading);
        }
    }

    StateSnapshot plan() {
        return feed.plan().orElseThrow();
    }

    /** The nodes have all of it that is theirs. */
    void applied(StateSnapshot snapshot, String... names) {
        for (var name : names) {
            state.acks()
                    .open(
                            name,
                            snapshot.items().values().stream()
                                    .filter(item -> item.audience().includes(name))
                                    .collect(Collectors.toMap(StateItem::key, StateItem::hash)));
        }
    }

    @Override
    public void close() throws InterruptedException {
        leader.close();
        tables.close();
        identities.close();
        nodes.close();
        conditions.close();
        events.close();
        client.close();
    }

    private void report(String node, String pod, String address) {
        var item = StateItem.of(
                NodeReports.ENDPOINT_REPORTS,
                "uid-" + pod,
                EndpointReport.newBuilder()
                        .setPodUid("uid-" + pod)
                        .setNamespace("shop")
                        .setPod(pod)
                        .setAddress(WireAddress.of(
                                new IPAddressString(address).getAddress().getBytes()))
                        .build());
        var stream = new Object();
        state.reports().opened(node, stream);
        state.reports().changed(node, stream, List.of(item), List.of());
        state.reports().inSync(node, stream, Set.of(item.key()));
    }
}
