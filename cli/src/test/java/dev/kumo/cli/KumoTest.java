// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a dataplane's socket. */
class KumoTest {
    private static final Map<String, String> ANSWERS = Map.of(
            "{\"command\":\"version\"}",
            "{\"version\":\"0.1.0\",\"commit\":\"abc\",\"date\":\"2026-11-24\",\"runtime\":\"JVM\"}",
            "{\"command\":\"services\"}",
            "{\"columns\":[\"frontend\",\"backends\"],\"rows\":"
                    + "[{\"frontend\":\"10.96.0.10:53/UDP\",\"backends\":[\"10.244.1.5:53\",\"10.244.2.7:53\"]}]}",
            "{\"command\":\"feeds\"}",
            "{\"columns\":[\"feed\"],\"rows\":[]}",
            "{\"command\":\"accept-older\"}",
            "{\"accepted\":true}",
            "{\"command\":\"policy\"}",
            "{\"columns\":[\"pod\",\"verdict\"],\"rows\":[{\"pod\":\"shop/red\",\"verdict\":\"allow\"},"
                    + "{\"pod\":\"shop/blue\",\"verdict\":\"deny\"},{\"pod\":\"test/red\",\"verdict\":\"deny\"}]}",
            "{\"command\":\"drops\"}",
            "{\"error\":\"no answer within 10 s\"}");

    @TempDir
    Path directory;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ServerSocketChannel server;
    private Path socket;

    @BeforeEach
    void serve() throws IOException {
        socket = directory.resolve("dataplane.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon(true).start(this::answer);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void answer() {
        while (server.isOpen()) {
            try (var client = server.accept()) {
                String request = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8)).readLine();
                requests.add(request);
                client.write(ByteBuffer.wrap((ANSWERS.get(request) + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return;
            }
        }
    }

    private int kumo(String... arguments) {
        return Kumo.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void printsTheVersionsOfClientAndDaemon() {
        assertThat(kumo("version", "--socket", socket.toString())).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        client -> assertThat(client).startsWith("Client: ").endsWith(" JVM"),
                        daemon -> assertThat(daemon).isEqualTo("Daemon: 0.1.0 abc 2026-11-24 JVM"));
    }

    @Test
    void printsATableForPeopleAndAnArrayForPrograms() {
        assertThat(kumo("node", "services", "--socket", socket.toString())).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        FRONTEND           BACKENDS
                        10.96.0.10:53/UDP  10.244.1.5:53, 10.244.2.7:53
                        """);
        out.getBuffer().setLength(0);
        assertThat(kumo("node", "services", "-o", "json", "--socket", socket.toString()))
                .isZero();
        assertThat(out.toString().replaceAll("\\s", ""))
                .isEqualTo("[{\"frontend\":\"10.96.0.10:53/UDP\",\"backends\":[\"10.244.1.5:53\",\"10.244.2.7:53\"]}]");
    }

    @Test
    void acceptsOlderStateBeforeItPrintsTheFeeds() {
        assertThat(kumo("node", "feeds", "--accept-older", "--socket", socket.toString()))
                .isZero();
        assertThat(requests).containsExactly("{\"command\":\"accept-older\"}", "{\"command\":\"feeds\"}");
    }

    @Test
    void printsThePolicyOfAllPodsOrOfOne() {
        assertThat(kumo("node", "policy", "--socket", socket.toString())).isZero();
        assertThat(out.toString()).contains("shop/red", "shop/blue", "test/red");
        out.getBuffer().setLength(0);
        assertThat(kumo("node", "policy", "shop/red", "--socket", socket.toString()))
                .isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        POD       VERDICT
                        shop/red  allow
                        """);
        out.getBuffer().setLength(0);
        assertThat(kumo("node", "policy", "red", "--socket", socket.toString())).isZero();
        assertThat(out.toString()).contains("shop/red", "test/red").doesNotContain("shop/blue");
    }

    @Test
    void saysWhatTheDataplaneSays() {
        assertThat(kumo("node", "drops", "--socket", socket.toString())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("kumo: the dataplane answers: no answer within 10 s\n");
    }

    @Test
    void saysWhereToRunWhenThereIsNoDataplane() {
        assertThat(kumo(
                        "node",
                        "endpoints",
                        "--socket",
                        directory.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no dataplane listens").contains("kubectl exec -n kumo-system");
    }

    @Test
    void saysThatADataplaneIsDownWhoseSocketIsLeft() throws IOException {
        server.close();
        assertThat(kumo("version", "--socket", socket.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith("Client: ");
        assertThat(err.toString()).contains("is not reachable");
    }

    @Test
    void refusesWhatItDoesNotKnowWithItsUsage() {
        assertThat(kumo("node", "nothing")).isEqualTo(2);
        assertThat(err.toString()).contains("Unmatched argument").contains("'nothing'");
        assertThat(kumo("status", "--wait-duration", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is not a duration such as 90s, 2m or 1h30m");
    }

    @Test
    void helpsWithEveryCommand() {
        for (var command : List.of(
                List.of("--help"),
                List.of("status", "--help"),
                List.of("version", "-h"),
                List.of("node", "l2", "-h"),
                List.of("node", "drops", "-h"))) {
            assertThat(kumo(command.toArray(String[]::new))).isZero();
        }
        assertThat(out.toString()).contains("Usage: kumo [-h] COMMAND", "Usage: kumo status", "Usage: kumo node drops");
    }
}
