// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Peer;
import dev.kumo.dataplane.bpf.map.PrefixKey;
import dev.kumo.dataplane.endpoint.TestNode;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.Link;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.link.TestNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real plugin, links, programs and maps, in namespaces of the test's own. */
@Tag("privileged")
class CniOnKernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Plugin PLUGIN = Plugin.shipped();
    private static final Address NODE = Address.of("172.18.0.11");
    private static final int MILLISECONDS = 500;

    @TempDir
    Path directory;

    private final List<TestNamespace> pods = new ArrayList<>();
    private TestNamespace host;
    private KernelLinks links;
    private TestDatapath kernel;
    private TestNode node;
    private CniServer server;

    @BeforeEach
    void start() throws Exception {
        host = TestNamespace.create("node");
        host.ip("address", "add", NODE + "/32", "dev", "lo");
        links = host.call(KernelLinks::new);
        host.call(() -> {
            links.prepareNode();
            return true;
        });
        kernel = TestDatapath.load(TestDatapath.CONFIG);
        startProcess();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        node.close();
        links.close();
        kernel.close();
        for (var pod : pods) {
            pod.close();
        }
        host.close();
    }

    @Test
    void twoPodsAndTheirNodeReachEachOther() throws Exception {
        var first = pod();
        var second = pod();
        var one = added(run("ADD", 1, first));
        var two = added(run("ADD", 2, second));

        assertThat(reaches(first, second, two)).isTrue();
        assertThat(reaches(second, first, one)).isTrue();
        assertThat(reaches(host, first, one)).isTrue();
        assertThat(reaches(first, host, NODE)).isTrue();

        assertThat(run("DEL", 1, first).exit()).isZero();
        assertThat(run("DEL", 2, second).exit()).isZero();
        assertNothingLeft();
        assertThat(first.ip("-o", "link")).doesNotContain("eth0");
    }

    @Test
    void aPodWithoutAnIdentityHasNoNetwork() throws Exception {
        node.answer(false);
        var pod = pod();
        var adding = CompletableFuture.supplyAsync(() -> run("ADD", 1, pod));
        await().until(() -> node.reports().containsKey("uid-1"));
        var address = Address.of(node.reports().get("uid-1").getAddress());
        kernel.datapath().addresses().update(PrefixKey.of(address), new Peer(TestNode.IDENTITY, 0));

        assertThatThrownBy(() -> reaches(host, pod, address)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reaches(pod, host, NODE)).isInstanceOf(IOException.class);
        assertThat(adding).isNotDone();
        node.say("uid-1", address, TestNode.IDENTITY);

        assertThat(added(adding.join())).isEqualTo(address);
        assertThat(reaches(host, pod, address)).isTrue();
        assertThat(reaches(pod, host, NODE)).isTrue();
        node.withdraw("uid-1");
        assertThatThrownBy(() -> reaches(host, pod, address)).isInstanceOf(IOException.class);
    }

    @Test
    void checkComparesWithTheKernel() throws Exception {
        var pod = pod();
        var result = run("ADD", 1, pod);
        assertThat(check(pod, result).exit()).isZero();

        pod.ip("link", "set", "eth0", "down");
        assertThat(check(pod, result).json().path("details").asText()).isEqualTo("eth0 of the pod is down");
        pod.ip("link", "set", "eth0", "up");
        assertThat(check(pod, result).json().path("details").asText()).isEqualTo("the pod's default route is gone");
        pod.ip("link", "del", "eth0");
        assertThat(check(pod, result).exit()).isEqualTo(101);
    }

    @Test
    void aSandboxThatIsGoneIsNamedAndCanBeDeleted() throws Exception {
        var gone = TestNamespace.create("gone");
        gone.close();
        var refused = run("ADD", 1, gone);
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.json().path("msg").asText()).isEqualTo("NETNS_GONE");
        assertNothingLeft();

        var pod = TestNamespace.create("pod");
        added(run("ADD", 2, pod));
        pod.close();
        await().until(() -> podLinks().isEmpty());
        assertThat(run("DEL", 2, pod)).isEqualTo(new Plugin.Run(0, "", ""));
        assertNothingLeft();
    }

    @Test
    void anInterfaceOfThatNameIsAConflictAndStays() throws Exception {
        var pod = pod();
        pod.ip("link", "add", "eth0", "type", "veth");

        var refused = run("ADD", 1, pod);

        assertThat(refused.exit()).isEqualTo(101);
        assertThat(refused.json().path("msg").asText()).isEqualTo("INTERFACE_CONFLICT");
        assertThat(pod.ip("link")).contains("eth0");
        assertNothingLeft();
    }

    @Test
    void aRestartedProcessAdoptsItsPods() throws Exception {
        var pod = pod();
        var result = run("ADD", 1, pod);
        var address = added(result);
        var link = podLinks().getFirst();
        try (var listener = pod.call(() -> new ServerSocket(0, 1, address.toInetAddress()));
                var stream = host.call(() -> new Socket(address.toInetAddress(), listener.getLocalPort()));
                var accepted = listener.accept()) {
            server.close();
            node.close();
            startProcess();
            stream.getOutputStream().write(42);

            assertThat(accepted.getInputStream().read()).isEqualTo(42);
        }
        assertThat(podLinks()).containsExactly(link);
        assertThat(run("ADD", 1, pod).json()).isEqualTo(result.json());
        assertThat(check(pod, result).exit()).isZero();
        assertThat(node.reports().get("uid-1").getInstalledIdentity()).isEqualTo(TestNode.IDENTITY);
        assertThat(run("DEL", 1, pod).exit()).isZero();
        assertNothingLeft();
    }

    @Test
    void fiftyPodsAreAddedAndDeletedAtOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            pod();
        }
        try (var threads = Executors.newFixedThreadPool(50)) {
            for (var command : List.of("ADD", "DEL")) {
                var runs = IntStream.range(0, 50)
                        .<Callable<Plugin.Run>>mapToObj(i -> () -> run(command, i, pods.get(i)))
                        .toList();
                for (var run : threads.invokeAll(runs)) {
                    assertThat(run.get().exit()).as(run.get().output()).isZero();
                }
                assertThat(podLinks()).hasSize(command.equals("ADD") ? 50 : 0);
            }
        }
        assertNothingLeft();
    }

    private void startProcess() throws Exception {
        // The apply loop must live in the node's namespace.
        node = host.call(() ->
                new TestNode(directory, links, kernel.datapath(), Duration.ofSeconds(20), new TestNode.MovableClock()));
        server = CniServer.start(socket(), new CniHandler(node.attachments(), Optional::empty));
    }

    private TestNamespace pod() throws Exception {
        var pod = TestNamespace.create("pod");
        pods.add(pod);
        return pod;
    }

    /** The address that a pod was given; everybody knows its identity from now on, as AddressManager would see to. */
    private Address added(Plugin.Run run) throws Exception {
        assertThat(run.exit()).as(run.output() + run.errors()).isZero();
        var address = Address.of(run.json().at("/ips/0/address").asText().replace("/32", ""));
        kernel.datapath().addresses().update(PrefixKey.of(address), new Peer(TestNode.IDENTITY, 0));
        return address;
    }

    private static boolean reaches(TestNamespace client, TestNamespace server, Address address) throws Exception {
        try (var listener = server.call(() -> new ServerSocket(0, 1, address.toInetAddress()));
                var socket = client.call(Socket::new)) {
            // A socket belongs to the namespace of the thread that makes it, which is at its first call.
            client.call(() -> {
                socket.connect(new InetSocketAddress(address.toInetAddress(), listener.getLocalPort()), MILLISECONDS);
                return true;
            });
            return socket.isConnected();
        }
    }

    private List<Link> podLinks() {
        return links.list().stream()
                .filter(link -> link.name().startsWith(PodLink.PREFIX))
                .toList();
    }

    private void assertNothingLeft() {
        node.settle();
        assertThat(podLinks()).isEmpty();
        assertThat(links.routes()).isEmpty();
        kernel.datapath()
                .endpoints()
                .forEach((address, _) -> assertThat(address).isNull());
        kernel.datapath()
                .endpointLinks()
                .forEach((index, _) -> assertThat(index).isNull());
        assertThat(node.stores().endpoints().all()).isEmpty();
        assertThat(node.stores().ipam().owners()).isEmpty();
    }

    private Path socket() {
        return directory.resolve("run").resolve("cni.sock");
    }

    private ObjectNode config() {
        return ((ObjectNode) CniHandlerTest.request("ADD", 1).path("config"))
                .put("socket", socket().toString())
                .put("tombstones", directory.resolve("tombstones").toString());
    }

    private Plugin.Run check(TestNamespace pod, Plugin.Run added) throws Exception {
        var config = config();
        config.set("prevResult", added.json());
        return run("CHECK", 1, pod, config);
    }

    private Plugin.Run run(String command, int number, TestNamespace pod) {
        return run(command, number, pod, config());
    }

    private static Plugin.Run run(String command, int number, TestNamespace pod, ObjectNode config) {
        var environment = new HashMap<String, String>();
        CniHandlerTest.request(command, number)
                .path("env")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));
        environment.put("CNI_NETNS", pod.path().toString());
        try {
            return PLUGIN.run(environment, JSON.writeValueAsBytes(config));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
