// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
    private static final String W1 = "{node: w1, addresses: [172.18.0.11]}";
    private static final String WEB = "{service: shop/web, cluster: [10.96.1.1], ports: [{port: 80}]}";
    private static final String WEB_1 = "{backend: shop/web, at: '10.244.1.5:80', on: w1}";
    private static final String WEB_2 = "{backend: shop/web, at: '10.244.2.5:80', on: w2}";
    private static final String API = "{service: shop/api, cluster: [10.96.1.2], ports: [{port: 80}]}";
    private static final String API_1 = "{backend: shop/api, at: '10.244.1.6:80', on: w1}";

    @TempDir
    Path directory;

    @Test
    void writesNothingAfterARestartWithTheSameState() {
        var node = new FakeNode(directory);
        var facts = Facts.of(W1, WEB, WEB_1, WEB_2, API, API_1);
        node.become(Facts.of(W1, API, API_1));
        node.become(facts);
        int before = node.writes();

        node.restart();
        node.become(facts);

        assertThat(node.writes()).isEqualTo(before);
    }

    @Test
    void adoptsBackendsOfTheKernelWhenTheFileOfNumbersIsLost() throws Exception {
        var node = new FakeNode(directory);
        var facts = Facts.of(W1, WEB, WEB_1, WEB_2);
        node.become(facts);
        var backends = node.backends.contents();
        Files.writeString(directory.resolve("numbers.json"), "{");

        node.restart();
        node.become(facts);

        assertThat(node.backends.contents()).isEqualTo(backends);
        assertThat(node.served()).isEqualTo(FakeNode.expected(facts));
    }

    @Test
    void servesOnWhileItsNumbersCannotBeWritten() throws Exception {
        var node = new FakeNode(directory);
        Files.createDirectories(directory.resolve("numbers.json").resolve("in-the-way"));
        var facts = Facts.of(W1, WEB, WEB_1);

        assertThat(node.become(facts)).isInstanceOf(Applied.Done.class);

        assertThat(node.served()).isEqualTo(FakeNode.expected(facts));
    }

    @Test
    void keepsABackendsNumberWhenTheMapsAreFilledAnew() {
        var node = new FakeNode(directory);
        var facts = Facts.of(W1, WEB, WEB_1, WEB_2);
        node.become(Facts.of(W1, WEB, WEB_2));
        node.become(facts);
        var other = new FakeNode(directory);

        other.become(facts);

        assertThat(other.backends.contents()).isEqualTo(node.backends.contents());
    }

    @Test
    void givesANumberAgainOnlyAfterAllOthers() {
        var node = new FakeNode(directory);
        var numbers = new TreeSet<String>();
        for (int pod = 1; pod <= 20; pod++) {
            node.become(Facts.of(W1, WEB, WEB_1.replace("1.5", "1." + pod)));
            numbers.addAll(node.backends.contents().keySet());
            if (pod % 5 == 0) {
                node.restart();
            }
        }
        assertThat(numbers).hasSize(20);
    }

    @Test
    void removesNothingBeforeFeedsAreInSyncAndHostPortsKnown() {
        var node = new FakeNode(directory);
        node.become(Facts.of(W1, WEB, WEB_1, "{pod: shop/a, hostPort: 8080, at: 10.244.1.5, containerPort: 80}"));
        var all = node.served();
        node.restart();

        node.tell(node.stepsTo(Facts.of(W1)));
        node.apply();
        assertThat(node.served()).isEqualTo(all);

        node.inSync();
        node.apply();
        assertThat(node.served()).isEqualTo(all);

        node.takeHostPorts(List.of());
        node.apply();
        assertThat(node.served()).isEmpty();
        assertThat(node.backends.contents()).isEmpty();
        assertThat(node.sets.contents()).isEmpty();
    }

    @Test
    void aServiceForWhichThereIsNoRoomHarmsOnlyItself() {
        var node = new FakeNode(directory, 1);
        var facts = Facts.of(W1, API, API_1, "{service: shop/empty, cluster: [10.96.1.3], ports: [{port: 80}]}");
        node.become(facts);

        Applied applied = node.become(Facts.of(
                W1, API, API_1, "{service: shop/empty, cluster: [10.96.1.4], ports: [{port: 80}]}", WEB, WEB_1));

        assertThat(refusals(applied)).containsExactly("services/shop/web MAP_FULL");
        assertThat(applied).isInstanceOf(Applied.Retry.class);
        assertThat(node.served().keySet())
                .anyMatch(key -> key.contains("10.96.1.4"))
                .noneMatch(key -> key.contains("10.96.1.3"))
                .noneMatch(key -> key.contains("10.96.1.1, port=80"));

        Applied healed = node.become(Facts.of(W1, WEB, WEB_1));
        for (int tries = 0; healed instanceof Applied.Retry && tries < 3; tries++) {
            healed = node.apply();
        }
        assertThat(refusals(healed)).isEmpty();
        assertThat(node.served()).isEqualTo(FakeNode.expected(Facts.of(W1, WEB, WEB_1)));
    }

    @Test
    void keepsTheOldBackendsOfAFrontendWhoseNewSetCannotBeWritten() {
        var node = new FakeNode(directory, 1);
        node.become(Facts.of(W1, WEB, WEB_1));
        var before = node.served();

        Applied applied = node.become(Facts.of(W1, WEB, WEB_1, WEB_2));

        assertThat(refusals(applied)).containsExactly("services/shop/web MAP_FULL");
        assertThat(node.served()).isEqualTo(before);
    }

    @Test
    void refusesWhatAnotherServiceHasWithoutTryingAgain() {
        var node = new FakeNode(directory);
        String b = "{service: shop/b, external: [172.18.5.8], ports: [{port: 80}]}";

        Applied applied = node.become(Facts.of(W1, b.replace("shop/b", "shop/a"), b));

        assertThat(applied).isInstanceOf(Applied.Done.class);
        assertThat(refusals(applied)).containsExactly("services/shop/b FRONTEND_CONFLICT");
    }

    @Test
    void answersHealthChecksOnTheNodesAddressesAndTellsOfAPortThatItCannotOpen() {
        var node = new FakeNode(directory);
        var facts = Facts.of(
                W1,
                "{service: shop/web, loadBalancer: [172.18.0.200], ports: [{port: 80}], externalPolicy: Local,"
                        + " healthCheckNodePort: 31999}",
                WEB_1,
                WEB_2);
        node.become(facts);
        assertThat(node.healthChecks.checks).containsOnlyKeys(31999);
        assertThat(node.healthChecks.checks.get(31999)).isEqualTo(new HealthCheck("shop", "web", 31999, 1));
        assertThat(node.healthChecks.addresses).isEqualTo(Set.of(Address.of("172.18.0.11")));

        node.healthChecks.cannotOpen(31999);

        assertThat(refusals(node.apply())).containsExactly("services/shop/web PORT_IN_USE");
    }

    @Test
    void aChangeOfOneServiceWritesOnlyThatService() {
        var node = new FakeNode(directory);
        var documents = new ArrayList<>(List.of(W1));
        for (int i = 0; i < 200; i++) {
            documents.add(WEB.replace("shop/web", "shop/web" + i).replace("10.96.1.1", "10.96.2." + i));
            documents.add(WEB_1.replace("shop/web", "shop/web" + i).replace("1.5", "1." + i));
        }
        node.become(Facts.of(documents));
        int before = node.writes();

        documents.add(WEB_2.replace("shop/web", "shop/web7"));
        node.become(Facts.of(documents));

        // One backend, two slots of the new set, one frontend, one slot of the old set.
        assertThat(node.writes() - before).isEqualTo(5);
    }

    @Test
    void aBackendThatDrainsLeavesItsSetAndStaysForWhoIsConnected() {
        var node = new FakeNode(directory);
        node.become(Facts.of(W1, WEB, WEB_1, WEB_2));
        var backends = node.backends.contents();

        node.become(Facts.of(W1, WEB, WEB_1.replace("}", ", state: terminating}"), WEB_2));
        assertThat(node.backends.contents()).isEqualTo(backends);
        assertThat(node.sets.contents()).hasSize(1);

        node.become(Facts.of(W1, WEB, WEB_2));
        assertThat(node.backends.contents()).hasSize(1);
    }

    @Test
    void anAddressThatIsNoneIsRefusedAndTheRestServed() {
        var node = new FakeNode(directory);
        var facts = Facts.of(W1, WEB, WEB_1, API, API_1);
        var broken = facts.services.getFirst().toBuilder()
                .setClusterAddresses(0, ByteString.copyFromUtf8("?"))
                .build();
        facts.services.set(0, broken);

        assertThat(refusals(node.become(facts))).containsExactly("services/shop/web MALFORMED");
        assertThat(node.served().keySet()).anyMatch(key -> key.contains("10.96.1.2, port=80"));
    }

    @Test
    void stopsWhenItsSliceIsOverAndGoesOnInTheNext() {
        var node = new FakeNode(directory);
        node.tell(node.stepsTo(Facts.of(W1, WEB, WEB_1, WEB_2)));

        assertThat(node.applyOnce(Slice.ofSteps(1))).isInstanceOf(Applied.More.class);
        assertThat(node.apply()).isInstanceOf(Applied.Done.class);
        assertThat(node.served()).isEqualTo(FakeNode.expected(Facts.of(W1, WEB, WEB_1, WEB_2)));
    }

    private static List<String> refusals(Applied applied) {
        List<ItemRefusal> refusals = switch (applied) {
            case Applied.Done done -> done.refusals();
            case Applied.Retry retry -> retry.refusals();
            case Applied.More _, Applied.Later _ -> throw new AssertionError("not at its end");
        };
        assertThat(refusals).extracting(ItemRefusal::reason).doesNotContain(Reason.KERNEL_ERROR);
        return refusals.stream()
                .map(refusal -> refusal.key() + " " + refusal.reason())
                .distinct()
                .toList();
    }
}
