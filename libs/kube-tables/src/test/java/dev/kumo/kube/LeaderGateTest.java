// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderGateTest {
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kumo-system/leases";
    private static final ObjectName LEASE = new ObjectName("kumo-system", "policy-service");

    private FakeApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        server.install(LEASES);
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void oneOfTwoLeadsAndTheOtherTakesOverAtOnceWhenItEnds() throws InterruptedException {
        try (var second = new LeaderGate(client, LEASE, "b")) {
            var changes = new AtomicInteger();
            try (var first = new LeaderGate(client, LEASE, "a")) {
                first.onChange(changes::incrementAndGet);
                first.start();
                await().until(first::leading);
                second.start();
                await().during(Duration.ofSeconds(3))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> !second.leading());
                assertThat(changes).hasValue(1);
            }
            assertThat(changes).as("told that it no longer leads").hasValue(2);

            await().atMost(Duration.ofSeconds(5)).until(second::leading);
        }
    }

    @Test
    void aLeaseThatSomeoneElseHoldsIsTakenOnlyAfterItStoodUnchangedForItsDuration() throws InterruptedException {
        server.put(LEASES, """
                {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                 "metadata": {"name": "policy-service", "namespace": "kumo-system"},
                 "spec": {"holderIdentity": "gone", "leaseDurationSeconds": 3, "leaseTransitions": 4,
                          "renewTime": "2020-01-01T00:00:00.000000Z"}}""");
        try (var gate = new LeaderGate(client, LEASE, "a")) {
            long begin = System.nanoTime();
            gate.start();

            await().atMost(Duration.ofSeconds(20)).until(gate::leading);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(3));
            assertThat(client.leases()
                            .inNamespace("kumo-system")
                            .withName("policy-service")
                            .get()
                            .getSpec())
                    .satisfies(spec -> {
                        assertThat(spec.getHolderIdentity()).isEqualTo("a");
                        assertThat(spec.getLeaseTransitions()).isEqualTo(5);
                    });
        }
    }

    @Test
    void aLeaderThatCannotRenewStopsBeforeOthersMayTakeOver() throws InterruptedException {
        try (var gate = new LeaderGate(client, LEASE, "a")) {
            gate.start();
            await().until(gate::leading);

            server.refusing = true;
            await().atMost(Duration.ofSeconds(15)).until(() -> !gate.leading());

            server.refusing = false;
            await().atMost(Duration.ofSeconds(5)).until(gate::leading);
        }
    }
}
