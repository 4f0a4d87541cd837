// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.change;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.rules;
import static dev.kumo.dataplane.policy.Classes.slot;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.map.SlotPort;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import dev.kumo.dataplane.envoy.AdsServer;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock Envoy, told of slots by our own ADS; without the kernel half, so that connections come straight to a listener. */
@Tag("privileged")
class SlotsOnEnvoyTest {
    @TempDir
    Path folder;

    private AdsServer ads;
    private EnvoyProcess envoy;
    private PolicyNode node;

    @BeforeEach
    void start() throws Exception {
        var socket = folder.resolve("ads.sock");
        ads = AdsServer.start(socket);
        node = new PolicyNode(
                folder.resolve("state"),
                new PolicyManager.Envoy(ads::publish, ads, ListenerPorts.open(folder.resolve("state"))));
        envoy = EnvoyProcess.start(folder, socket, List.of());
        await().atMost(Duration.ofSeconds(30)).until(ads::isConnected);
    }

    @AfterEach
    void stop() throws Exception {
        envoy.close();
        ads.close();
    }

    @Test
    void whatTheRulesDoNotAllowIsAnsweredByADenialAndNothingElse() throws Exception {
        become(withSlot(), rules(7, "GET", "/color"));
        int port = port();
        assertThat(ask(port, "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .endsWith("\r\n\r\nAccess denied\r\n")
                .contains("content-length: 15\r\n")
                .doesNotContain("server:", "x-envoy");
        assertThat(ask(port, "POST /color HTTP/1.0\r\n\r\n")).contains(" 403 ");
    }

    @Test
    void anEditLeavesTheConnectionOpen() throws Exception {
        become(withSlot(), rules(7, "GET", "/other"));
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port())) {
            client.setSoTimeout(10_000);
            var request = "GET /color HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream().write(request);
            assertThat(status(client)).isEqualTo("HTTP/1.1 403 Forbidden");
            become(rules(7, "GET", "/c[^o].*"));
            client.getOutputStream().write(request);
            assertThat(status(client)).isEqualTo("HTTP/1.1 403 Forbidden");
        }
    }

    @Test
    void aRegularExpressionThatIsNoneIsRefusedInEnvoysWords() {
        become(withSlot(), rules(7, "GET", "/color"));
        node.tell(change(rules(7, "GET", "/color(")));
        await().until(() -> node.applyOnce(Slice.unlimited()) instanceof Applied.Done done
                && done.refusals().stream()
                        .map(ItemRefusal::reason)
                        .anyMatch(reason -> reason == Reason.PROXY_REFUSED));
        var refusals = ((Applied.Done) node.apply()).refusals();
        assertThat(refusals).allSatisfy(refusal -> assertThat(refusal.message()).contains("missing )"));
        become(rules(7, "GET", "/colour"));
        assertThat(node.apply()).isEqualTo(Applied.done());
    }

    @Test
    void aPortThatAnotherProcessHasIsLeftForTheNext() throws Exception {
        try (var _ = new ServerSocket(11_000, 1, InetAddress.getByName("127.0.0.1"))) {
            become(withSlot(), rules(7, "GET", "/color"));
            assertThat(port()).isEqualTo(11_001);
            assertThat(ask(11_001, "GET / HTTP/1.0\r\n\r\n")).contains(" 403 ");
        }
    }

    private static Entry withSlot() {
        return entry(ingress(5, tcp(from(300), 8080).setSlot(7)).addSlots(slot(7, 7)));
    }

    private void become(Entry... entries) {
        node.tell(change(entries));
        await().atMost(Duration.ofSeconds(20)).until(() -> node.apply().equals(Applied.done()));
    }

    private int port() {
        return node.slots.lookup(7).map(SlotPort::port).orElseThrow();
    }

    private static String ask(int port, String request) throws IOException {
        try (var client = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** The first line of the next answer, whose body is the denial's. */
    private static String status(Socket client) throws IOException {
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("Access denied\r\n")) {
            int read = client.getInputStream().read();
            assertThat(read).as("answer so far: %s", answer).isNotNegative();
            answer.append((char) read);
        }
        return answer.substring(0, answer.indexOf("\r\n"));
    }
}
