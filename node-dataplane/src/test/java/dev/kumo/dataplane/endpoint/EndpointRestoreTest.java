// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.endpoint.PortMapping.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that follow each other, after an orderly end or a kill -9 at any step. */
class EndpointRestoreTest {
    private static final Attachment ETH0 = new Attachment("sandbox-1", "eth0");

    @TempDir
    Path directory;

    private final FakeKernel kernel = new FakeKernel();

    /** What a process that is killed at some step leaves. */
    private record Remains(Path directory, FakeKernel kernel) {}

    @Test
    void adoptsWhatRunsWithoutTouchingIt() {
        PodEndpoint before;
        try (var node = new TestNode(directory, kernel)) {
            before = add(node, 1);
        }
        var writes = kernel.endpoints().writes() + kernel.endpointLinks().writes();

        try (var node = new TestNode(directory, kernel)) {
            assertThat(node.adopted()).containsExactly(before);
            assertThat(kernel.endpoints().writes() + kernel.endpointLinks().writes())
                    .isEqualTo(writes);
            assertThat(node.reports().get("uid-1").getInstalledIdentity()).isEqualTo(300);
            assertThat(node.hostPorts()).hasSize(1);
            node.attachments().check(ETH0, "/run/netns/1");
            node.attachments().delete(ETH0);
            assertNothingLeft(node, kernel);
        }
    }

    @Test
    void putsBackEntriesThatWereLostAndSweepsThoseOfNobody() {
        try (var node = new TestNode(directory, kernel)) {
            add(node, 1);
        }
        var address = Address.of("10.244.1.1");
        var entry = kernel.endpoints().lookup(address).orElseThrow();
        kernel.endpoints().delete(address);
        kernel.endpointLinks().delete(entry.ifindex());
        kernel.attachPod(99);
        kernel.endpointLinks().update(99, new EndpointLink(Address.of("10.244.1.99"), 300, 0));

        try (var node = new TestNode(directory, kernel)) {
            assertThat(kernel.endpoints().lookup(address)).contains(entry);
            assertThat(kernel.endpointLinks().lookup(99)).isEmpty();
            assertThat(node.adopted()).hasSize(1);
        }
    }

    @Test
    void clearsAwayPodsThatWentWithTheirNamespaces() {
        try (var node = new TestNode(directory, kernel)) {
            add(node, 1);
            add(node, 2);
        }
        kernel.removeNamespace("/run/netns/1");

        try (var node = new TestNode(directory, kernel)) {
            assertThat(node.adopted())
                    .extracting(endpoint -> endpoint.pod().uid())
                    .containsExactly("uid-2");
            assertThat(node.stores().ipam().owners()).hasSize(1);
            assertThat(kernel.endpoints().contents()).hasSize(1);
            assertThat(node.reports()).containsOnlyKeys("uid-2");
        }
    }

    @Test
    void aProcessKilledAtAnyStepOfAnAddLeavesNothingOnceTheSandboxIsDeleted() {
        for (var remains : killedInAdd()) {
            try (var node = new TestNode(remains.directory, remains.kernel)) {
                node.attachments().delete(ETH0);

                assertNothingLeft(node, remains.kernel);
            }
        }
    }

    @Test
    void aProcessKilledAtAnyStepOfAnAddLeavesNothingOnceTheRuntimeCollects() {
        for (var remains : killedInAdd()) {
            try (var node = new TestNode(remains.directory, remains.kernel)) {
                assertThat(node.attachments().retain(Set.of())).isEmpty();

                assertNothingLeft(node, remains.kernel);
            }
        }
    }

    @Test
    void aProcessKilledAtAnyStepOfAnAddLetsTheSameAddSucceedLater() {
        for (var remains : killedInAdd()) {
            try (var node = new TestNode(remains.directory, remains.kernel)) {
                var endpoint = add(node, 1);

                node.attachments().check(ETH0, "/run/netns/1");
                assertThat(remains.kernel.endpoints().contents())
                        .containsOnlyKeys(endpoint.address().toString());
            }
        }
    }

    @Test
    void aProcessKilledAtAnyStepOfADeleteLeavesNothingOnceItIsRepeated() {
        var remains = new ArrayList<Remains>();
        try (var node = new TestNode(directory.resolve("live"), kernel)) {
            add(node, 1);
            kernel.watch(() -> remains.add(copy(remains.size())));
            node.attachments().delete(ETH0);
        }
        assertThat(remains).hasSizeGreaterThanOrEqualTo(3);
        for (var left : remains) {
            try (var node = new TestNode(left.directory, left.kernel)) {
                node.attachments().delete(ETH0);

                assertNothingLeft(node, left.kernel);
            }
        }
    }

    @Test
    void aPodWhoseRecordWasLostRunsOnAndCanBeDeleted() throws IOException {
        try (var node = new TestNode(directory, kernel)) {
            add(node, 1);
        }
        Files.writeString(directory.resolve("endpoints.json"), "[{");
        Files.writeString(directory.resolve("ipam.json"), "");

        try (var node = new TestNode(directory, kernel)) {
            assertThat(kernel.endpoints().contents()).containsOnlyKeys("10.244.1.1");
            assertThat(add(node, 2).address()).isEqualTo(Address.of("10.244.1.2"));
            node.attachments().delete(ETH0);
            assertThat(kernel.endpoints().contents()).containsOnlyKeys("10.244.1.2");
            assertThat(kernel.linkNames()).hasSize(1);
        }
        assertThat(directory.resolve("endpoints.json.corrupt")).hasContent("[{");
    }

    @Test
    void aNewIdentityReplacesTheOldOneAndAWithdrawnOneTakesTheNetworkAway() {
        try (var node = new TestNode(directory, kernel)) {
            var endpoint = add(node, 1);
            node.answer(false);
            node.say("uid-1", endpoint.address(), 500);
            assertThat(kernel.endpoints()
                            .lookup(endpoint.address())
                            .orElseThrow()
                            .identity())
                    .isEqualTo(500);
            assertThat(node.reports().get("uid-1").getInstalledIdentity()).isEqualTo(500);
            node.withdraw("uid-1");
            assertThat(kernel.endpoints().contents()).isEmpty();
            assertThat(kernel.endpointLinks().contents()).isEmpty();
        }
        try (var node = new TestNode(directory, kernel)) {
            assertThat(node.adopted()).hasSize(1);
            assertThat(node.adopted().getFirst().security()).isEqualTo(Security.NONE);
        }
    }

    /** Copies of disk and kernel at every step of an ADD, and after it. */
    private List<Remains> killedInAdd() {
        var remains = new ArrayList<Remains>();
        var steps = new AtomicInteger();
        try (var node = new TestNode(directory.resolve("live"), kernel)) {
            kernel.watch(() -> remains.add(copy(steps.incrementAndGet())));
            node.onReport(() -> remains.add(copy(steps.incrementAndGet())));
            add(node, 1);
            kernel.watch(() -> {});
            remains.add(copy(steps.incrementAndGet()));
            // createPod, attachPod, report, two map entries, report, end
            assertThat(remains).hasSizeGreaterThanOrEqualTo(7);
        }
        return remains;
    }

    private Remains copy(int step) {
        var target = directory.resolve("killed-" + step);
        try (var files = Files.list(directory.resolve("live"))) {
            Files.createDirectories(target);
            for (var file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Remains(target, kernel.copy());
    }

    private PodEndpoint add(TestNode node, int number) {
        kernel.addNamespace("/run/netns/" + number);
        return node.attachments()
                .add(new Addition(
                        new Attachment("sandbox-" + number, "eth0"),
                        new Pod("uid-" + number, "ns", "pod-" + number),
                        "/run/netns/" + number,
                        List.of(new PortMapping(null, 8000 + number, 80, Protocol.UDP))));
    }

    private static void assertNothingLeft(TestNode node, FakeKernel kernel) {
        node.settle();
        assertThat(kernel.linkNames()).isEmpty();
        assertThat(kernel.endpoints().contents()).isEmpty();
        assertThat(kernel.endpointLinks().contents()).isEmpty();
        assertThat(node.stores().endpoints().all()).isEmpty();
        assertThat(node.stores().ipam().owners()).isEmpty();
        assertThat(node.reports()).isEmpty();
    }
}
