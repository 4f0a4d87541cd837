// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.endpoint.FakeKernel;
import dev.kumo.dataplane.endpoint.TestNode;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real plugin and the real server, on a kernel in memory. */
class CniServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Plugin PLUGIN = Plugin.shipped();

    @TempDir
    Path directory;

    private final FakeKernel kernel = new FakeKernel();
    private TestNode node;
    private CniServer server;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(directory, kernel);
        server = serve();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        node.close();
    }

    @Test
    void onlyRootMayUseTheSocket() throws Exception {
        assertThat(Files.getPosixFilePermissions(socket())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(socket().getParent())) {
            assertThat(files).containsExactly(socket());
        }
    }

    @Test
    void takesAnEarlierProcessesPlace() throws Exception {
        var successor = serve();

        server.close();
        assertThat(run("STATUS", 1).exit()).isZero();
        successor.close();
        assertThat(socket()).doesNotExist();
    }

    @Test
    void addsChecksAndDeletes() throws Exception {
        var added = run("ADD", 1);
        assertThat(added.exit()).isZero();
        assertThat(added.json().at("/ips/0/address").asText()).isEqualTo("10.244.1.1/32");
        var check = config();
        check.set("prevResult", added.json());
        assertThat(run("CHECK", 1, check).exit()).isZero();

        assertThat(run("DEL", 1)).isEqualTo(new Plugin.Run(0, "", ""));
        assertThat(run("CHECK", 1, check).exit()).isEqualTo(3);
        assertThat(kernel.isEmpty()).isTrue();
    }

    @Test
    void answersFiftyPluginsAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(50)) {
            for (var command : List.of("ADD", "DEL")) {
                var runs = IntStream.rangeClosed(1, 50)
                        .<Callable<Plugin.Run>>mapToObj(i -> () -> run(command, i))
                        .toList();
                for (var run : threads.invokeAll(runs)) {
                    assertThat(run.get().output()).doesNotContain("\"code\"");
                    assertThat(run.get().exit()).isZero();
                }
            }
        }
        assertThat(kernel.isEmpty()).isTrue();
        assertThat(node.stores().ipam().owners()).isEmpty();
    }

    @Test
    void deletesLaterWhatWasDeletedWhileItWasDown() throws Exception {
        run("ADD", 1);
        server.close();
        assertThat(run("DEL", 1).exit()).isZero();
        assertThat(kernel.linkNames()).hasSize(1);
        server = serve();
        try (var tombstones = new Tombstones(directory.resolve("tombstones"), handler())) {
            tombstones.start();
            await().until(kernel::isEmpty);
            await().until(() -> isEmpty(directory.resolve("tombstones")));
        }
        assertThat(node.stores().endpoints().all()).isEmpty();
    }

    @Test
    void outlivesClientsThatSendGarbageOrGoAway() throws Exception {
        for (var text : List.of("", "{", "garbage".repeat(10_000))) {
            try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(socket()));
                client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        }

        assertThat(run("ADD", 1).exit()).isZero();
    }

    private CniServer serve() throws Exception {
        return CniServer.start(socket(), handler());
    }

    private CniHandler handler() {
        return new CniHandler(node.attachments(), Optional::empty);
    }

    private Path socket() {
        return directory.resolve("run").resolve("cni.sock");
    }

    private ObjectNode config() {
        return ((ObjectNode) CniHandlerTest.request("ADD", 1).path("config"))
                .put("socket", socket().toString())
                .put("tombstones", directory.resolve("tombstones").toString());
    }

    private Plugin.Run run(String command, int number) throws Exception {
        return run(command, number, config());
    }

    private Plugin.Run run(String command, int number, ObjectNode config) throws Exception {
        kernel.addNamespace("/run/netns/" + number);
        var environment = new HashMap<String, String>();
        CniHandlerTest.request(command, number)
                .path("env")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));
        return PLUGIN.run(environment, JSON.writeValueAsBytes(config));
    }

    private static boolean isEmpty(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
