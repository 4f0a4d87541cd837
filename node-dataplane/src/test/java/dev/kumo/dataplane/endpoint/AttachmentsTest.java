// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Endpoint;
import dev.kumo.dataplane.bpf.map.EndpointLink;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.endpoint.PortMapping.Protocol;
import dev.kumo.dataplane.service.HostPort;
import dev.kumo.stream.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod's interface from ADD to DEL: what it gets, what is undone, what many at once do. */
class AttachmentsTest {
    private static final Attachment ETH0 = new Attachment("sandbox-1", "eth0");
    private static final int E2BIG = 7;

    @TempDir
    Path directory;

    private final FakeKernel kernel = new FakeKernel();
    private TestNode node;

    @BeforeEach
    void start() {
        node = new TestNode(directory, kernel);
        kernel.addNamespace("/run/netns/1");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void givesAPodItsAddressLinkProgramsAndEntries() {
        var ports = List.of(new PortMapping(null, 8080, 80, Protocol.TCP));

        var endpoint = node.attachments().add(new Addition(ETH0, pod(1), "/run/netns/1", ports));

        var address = Address.of("10.244.1.1");
        int ifindex = kernel.find(ETH0.hostName()).orElseThrow().index();
        assertThat(endpoint.address()).isEqualTo(address);
        assertThat(kernel.endpointLinks().lookup(ifindex)).contains(new EndpointLink(address, 300, 0));
        assertThat(kernel.endpoints().lookup(address))
                .contains(new Endpoint(ifindex, 300, 0, 0, MacAddress.of("0a:58:0a:f4:01:01"), MacAddress.HOST_SIDE));
        assertThat(node.reports().get("uid-1").getInstalledIdentity()).isEqualTo(300);
        assertThat(node.reports().get("uid-1").getPod()).isEqualTo("pod-1");
        assertThat(node.hostPorts()).containsExactly(new HostPort("ns/pod-1", Optional.empty(), 8080, 6, address, 80));
        assertThat(node.stores().endpoints().all()).containsExactly(endpoint);
    }

    @Test
    void leavesNothingAfterADelete() {
        add(1);

        node.attachments().delete(ETH0);

        assertNothingLeft();
        assertThat(node.reports()).isEmpty();
        assertThat(node.hostPorts()).isEmpty();
    }

    /** Each DEL meets changes of the pod's identity all the way. */
    @Test
    void leavesNothingAfterADeleteThatMeetsAChangeOfIdentity() throws Exception {
        for (int round = 0; round < 100; round++) {
            var address = add(1).address();
            var deleting = new AtomicBoolean(true);
            var changes = CompletableFuture.runAsync(() -> {
                for (int identity = 400; deleting.get(); identity++) {
                    node.say("uid-1", address, identity);
                }
            });
            node.attachments().delete(ETH0);
            deleting.set(false);
            changes.get();
            assertThat(kernel.endpoints().contents())
                    .as("endpoints, round %s", round)
                    .isEmpty();
            assertThat(kernel.endpointLinks().contents())
                    .as("links, round %s", round)
                    .isEmpty();
            node.withdraw("uid-1");
        }
    }

    @Test
    void deletesWhatIsUnknownOrAlreadyDeletedWithSuccess() {
        node.attachments().delete(new Attachment("never-seen", "eth0"));
        add(1);
        node.attachments().delete(ETH0);
        node.attachments().delete(ETH0);

        assertNothingLeft();
    }

    @Test
    void undoesEverythingWhenNoIdentityComes() {
        try (var impatient = new TestNode(
                directory.resolve("2"), kernel, kernel, Duration.ofMillis(100), new TestNode.MovableClock())) {
            impatient.answer(false);

            assertRefused(Reason.IDENTITY_TIMEOUT, () -> impatient.attachments().add(addition(1)));

            assertThat(kernel.isEmpty()).isTrue();
            assertThat(impatient.stores().endpoints().all()).isEmpty();
            assertThat(impatient.stores().ipam().owners()).isEmpty();
            assertThat(impatient.reports()).isEmpty();
        }
    }

    @Test
    void waitsForTheIdentityOfJustItsAddress() {
        node.answer(false);
        var adding = CompletableFuture.supplyAsync(() -> add(1));
        awaitReport("uid-1");

        node.say("uid-1", Address.of("10.244.1.77"), 400);
        node.say("uid-2", Address.of("10.244.1.1"), 401);
        assertThat(adding).isNotDone();
        assertThat(kernel.endpoints().contents()).isEmpty();
        assertThat(kernel.endpointLinks().contents()).isEmpty();
        node.say("uid-1", Address.of("10.244.1.1"), 402);

        assertThat(adding.join().security()).isEqualTo(new Security(402, 0));
    }

    @Test
    void aDeleteEndsAnAddThatWaits() {
        node.answer(false);
        var adding = CompletableFuture.supplyAsync(() -> add(1));
        awaitReport("uid-1");

        node.attachments().delete(ETH0);

        assertRefused(Reason.UNKNOWN_POD, () -> joined(adding));
        assertNothingLeft();
    }

    @Test
    void answersTheSameRequestTwiceWithTheSame() {
        var first = add(1);

        assertThat(add(1)).isEqualTo(first);
        assertThat(node.stores().ipam().owners()).hasSize(1);
    }

    @Test
    void refusesAnotherRequestForTheSameInterfaceAndLeavesTheFirst() {
        var first = add(1);
        kernel.addNamespace("/run/netns/2");

        assertRefused(
                Reason.INTERFACE_CONFLICT,
                () -> node.attachments().add(new Addition(ETH0, pod(1), "/run/netns/2", List.of())));
        assertRefused(
                Reason.INTERFACE_CONFLICT,
                () -> node.attachments().add(new Addition(ETH0, pod(2), "/run/netns/1", List.of())));
        node.attachments().check(ETH0, "/run/netns/1");
        assertThat(node.stores().endpoints().all()).containsExactly(first);
    }

    @Test
    void refusesASandboxThatIsGoneAndLeavesNothing() {
        assertRefused(
                Reason.NETNS_GONE,
                () -> node.attachments().add(new Addition(ETH0, pod(1), "/run/netns/gone", List.of())));

        assertNothingLeft();
        assertThat(node.reports()).isEmpty();
    }

    @Test
    void undoesEverythingWhenTheProgramsCannotBeAttached() {
        kernel.refusePrograms(true);

        assertRefused(Reason.KERNEL_ERROR, () -> add(1));

        assertNothingLeft();
    }

    @Test
    void undoesEverythingWhenAMapIsFull() {
        kernel.endpoints().refuse(Address.of("10.244.1.1"), E2BIG);
        assertRefused(Reason.MAP_FULL, () -> add(1));
        kernel.endpoints().accept(Address.of("10.244.1.1"));
        node.settle();

        assertNothingLeft();
        assertThat(node.reports()).isEmpty();
    }

    @Test
    void refusesWhatItCannotKeepOnDisk() throws IOException {
        node.close();
        node = new TestNode(directory.resolve("2"), kernel);
        Files.createDirectories(directory.resolve("2").resolve("endpoints.json"));

        assertRefused(Reason.STATE_FILE_UNWRITABLE, () -> add(1));

        assertThat(kernel.isEmpty()).isTrue();
        assertThat(node.stores().ipam().owners()).isEmpty();
    }

    @Test
    void saysWhenThePoolIsExhausted() {
        node.stores().ipam().setRanges(List.of(Range.of("10.244.1.0/30")));
        add(1);
        add(2);

        assertRefused(Reason.POOL_EXHAUSTED, () -> add(3));

        assertThat(kernel.linkNames()).hasSize(2);
        assertThat(node.stores().endpoints().all()).hasSize(2);
    }

    @Test
    void avoidsAnAddressThatOthersStillTakeForSomebodys() {
        node.sayAddress(Address.of("10.244.1.1"));
        assertThat(add(1).address()).isEqualTo(Address.of("10.244.1.2"));

        node.stores().ipam().setRanges(List.of(Range.of("10.244.1.0/30")));
        assertRefused(Reason.POOL_EXHAUSTED, () -> add(2));
        node.forgetAddress(Address.of("10.244.1.1"));
        assertThat(add(2).address()).isEqualTo(Address.of("10.244.1.1"));
    }

    @Test
    void saysWhenThereIsNoPoolYet() {
        node.stores().ipam().setRanges(List.of());

        assertRefused(Reason.POOL_UNKNOWN, () -> add(1));

        assertNothingLeft();
    }

    @Test
    void addsAndDeletesFiftyAtOnce() {
        try (var threads = Executors.newFixedThreadPool(50)) {
            var added = IntStream.rangeClosed(1, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> add(i), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(added.stream().map(PodEndpoint::address)).doesNotHaveDuplicates();
            assertThat(kernel.endpoints().contents()).hasSize(50);
            assertThat(node.reports()).hasSize(50);
            added.stream()
                    .map(endpoint ->
                            CompletableFuture.runAsync(() -> node.attachments().delete(endpoint.attachment()), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }

        assertNothingLeft();
        assertThat(node.reports()).isEmpty();
    }

    @Test
    void addsAndDeletesOfTheSameInterfaceEndInOrder() {
        try (var threads = Executors.newFixedThreadPool(20)) {
            IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                if (i % 2 == 0) {
                                    node.attachments().delete(ETH0);
                                } else {
                                    addUnlessDeleted();
                                }
                            },
                            threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        node.attachments().delete(ETH0);

        assertNothingLeft();
    }

    @Test
    void retainsOnlyWhatTheRuntimeKnows() {
        add(1);
        add(2);
        add(3);

        var failures = node.attachments().retain(Set.of(ETH0, new Attachment("unknown", "eth0")));

        assertThat(failures).isEmpty();
        assertThat(node.stores().endpoints().all())
                .extracting(PodEndpoint::attachment)
                .containsExactly(ETH0);
        assertThat(node.stores().ipam().owners()).containsExactly(ETH0);
        assertThat(kernel.linkNames()).containsExactly(ETH0.hostName());
        assertThat(node.reports()).containsOnlyKeys("uid-1");
    }

    @Test
    void leavesAloneWhatIsBeingAdded() {
        node.answer(false);
        var adding = CompletableFuture.supplyAsync(() -> add(1));
        awaitReport("uid-1");

        node.attachments().retain(Set.of());
        node.say("uid-1", Address.of("10.244.1.1"), 300);

        assertThat(adding.join().ready()).isTrue();
    }

    @Test
    void keepsTheReportOfAPodWhoseOldSandboxGoes() {
        add(1);
        kernel.addNamespace("/run/netns/2");
        var newer = new Attachment("sandbox-2", "eth0");
        var second = node.attachments().add(new Addition(newer, pod(1), "/run/netns/2", List.of()));

        node.attachments().delete(ETH0);

        assertThat(Address.of(node.reports().get("uid-1").getAddress())).isEqualTo(second.address());
        node.attachments().check(newer, "/run/netns/2");
    }

    @Test
    void checksWhatIsThere() {
        add(1);
        node.attachments().check(ETH0, "/run/netns/1");

        assertRefused(Reason.INTERFACE_CONFLICT, () -> node.attachments().check(ETH0, "/run/netns/2"));
        assertRefused(
                Reason.UNKNOWN_POD, () -> node.attachments().check(new Attachment("other", "eth0"), "/run/netns/1"));
        kernel.endpoints().delete(Address.of("10.244.1.1"));
        assertRefused(Reason.INTERFACE_CONFLICT, () -> node.attachments().check(ETH0, "/run/netns/1"));
        kernel.removeNamespace("/run/netns/1");
        assertRefused(Reason.INTERFACE_CONFLICT, () -> node.attachments().check(ETH0, "/run/netns/1"));
    }

    private PodEndpoint add(int number) {
        kernel.addNamespace("/run/netns/" + number);
        return node.attachments().add(addition(number));
    }

    private void addUnlessDeleted() {
        try {
            node.attachments().add(addition(1));
        } catch (EndpointException e) {
            assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_POD);
        }
    }

    private void awaitReport(String uid) {
        await().until(() -> node.reports().containsKey(uid));
    }

    private static Addition addition(int number) {
        return new Addition(
                new Attachment("sandbox-" + number, "eth0"), pod(number), "/run/netns/" + number, List.of());
    }

    private static Pod pod(int number) {
        return new Pod("uid-" + number, "ns", "pod-" + number);
    }

    private static void joined(CompletableFuture<?> future) throws Throwable {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    private void assertNothingLeft() {
        node.settle();
        assertThat(kernel.linkNames()).isEmpty();
        assertThat(kernel.endpoints().contents()).isEmpty();
        assertThat(kernel.endpointLinks().contents()).isEmpty();
        assertThat(node.stores().endpoints().all()).isEmpty();
        assertThat(node.stores().ipam().owners()).isEmpty();
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(EndpointException.class))
                .extracting(EndpointException::reason)
                .isEqualTo(reason);
    }
}
