// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import static dev.kumo.dataplane.policy.Classes.egress;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.rules;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.contract.policy.v1.Direction;
import dev.kumo.contract.policy.v1.Slot;
import dev.kumo.dataplane.desired.DesiredChange.Entry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of one node that talk to each other under policy: kernel half, managers and stock Envoy together. */
@Tag("privileged")
class PolicyOnNodeTest {
    private static final int PORT = 8080;
    private static final int CLIENT_PORT = 40_000;
    private static final int CLIENT = 300;
    private static final int SERVER = 400;
    private static final int CLIENT_CLASS = 6;
    private static final int SERVER_CLASS = 5;
    private static final String DENIED = "403 Access denied\r\n";
    private static final String PASSED = "200 10.244.1.10";

    @TempDir
    Path folder;

    private LiveNode node;
    private LivePod client;
    private LivePod server;

    @BeforeEach
    void start() throws Exception {
        node = new LiveNode(folder);
        node.become(entry(egress(CLIENT_CLASS, tcp(from(SERVER), PORT))), entry(ingress(SERVER_CLASS)));
        client = node.pod("10.244.1.10", CLIENT, CLIENT_CLASS);
        server = node.pod("10.244.1.20", SERVER, SERVER_CLASS);
        server.serve(PORT);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void whatNobodyAllowsIsDroppedAndWhatIsAllowedPasses() throws Exception {
        assertThatThrownBy(() -> client.tryToConnect(server, PORT)).isInstanceOf(IOException.class);
        assertThat(node.drops()).containsKey("POLICY_DENIED");
        node.become(entry(ingress(SERVER_CLASS, tcp(from(CLIENT), PORT))));
        try (var connection = client.connect(server, PORT)) {
            assertThat(connection.get("/")).isEqualTo(PASSED);
            node.become(entry(ingress(SERVER_CLASS)));
            assertThatThrownBy(() -> connection.get("/")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void requestsAreJudgedAtTheServerAndAnEditReachesTheOpenConnection() throws Exception {
        node.become(atServer(), rules(7, "GET", "/color"));
        try (var connection = client.connect(server, PORT)) {
            assertThat(connection.get("/color")).isEqualTo(PASSED);
            assertThat(connection.get("/other")).isEqualTo(DENIED);
            node.become(rules(7, "GET", "/other"));
            assertThat(connection.get("/color")).isEqualTo(DENIED);
            assertThat(connection.get("/other")).isEqualTo(PASSED);
        }
    }

    /** Envoy closes first, so that its side of the connection rests in TIME-WAIT. */
    @Test
    void aClientThatTakesItsPortAgainIsJudgedAnew() throws Exception {
        node.become(atServer(), rules(7, "GET", "/color"));
        for (int turn = 0; turn < 5; turn++) {
            try (var connection = LivePod.connectFrom(client.namespace(), CLIENT_PORT, server.socketAddress(PORT))) {
                assertThat(connection.getLast(turn % 2 == 0 ? "/color" : "/other"))
                        .as("connection %s", turn)
                        .isEqualTo(turn % 2 == 0 ? PASSED : DENIED);
            }
        }
    }

    @Test
    void requestsAreJudgedAtTheClient() throws Exception {
        node.become(entry(ingress(SERVER_CLASS, tcp(from(CLIENT), PORT))), atClient(), rules(8, "GET", "/c.*"));
        try (var connection = client.connect(server, PORT)) {
            assertThat(connection.get("/color")).isEqualTo(PASSED);
            assertThat(connection.get("/other")).isEqualTo(DENIED);
        }
    }

    @Test
    void requestsAreJudgedAtBothOnOneNode() throws Exception {
        node.become(atServer(), atClient(), rules(7, "GET", ".*r"), rules(8, "GET", "/c.*"));
        try (var connection = client.connect(server, PORT)) {
            assertThat(connection.get("/color")).isEqualTo(PASSED);
            assertThat(connection.get("/other")).isEqualTo(DENIED);
            assertThat(connection.get("/colors")).isEqualTo(DENIED);
        }
    }

    @Test
    void withoutEnvoyNothingPasses() throws Exception {
        node.become(atServer(), rules(7, "GET", "/color"));
        node.killEnvoy();
        assertThatThrownBy(() -> client.tryToConnect(server, PORT)).isInstanceOf(IOException.class);
        assertThat(node.drops()).containsKey("PROXY_UNAVAILABLE");
        node.startEnvoy();
        node.become(atServer());
        try (var connection = client.connect(server, PORT)) {
            assertThat(connection.get("/color")).isEqualTo(PASSED);
        }
    }

    @Test
    void theNodesOwnProcessesReachItsPodsWhateverThePolicy() throws Exception {
        node.become(atServer(), rules(7, "GET", "/color"));
        try (var connection = LivePod.connect(node.namespace(), server, PORT)) {
            assertThat(connection.get("/other")).isEqualTo("200 " + LiveNode.ADDRESS);
        }
    }

    private static Entry atServer() {
        return entry(ingress(SERVER_CLASS, tcp(from(CLIENT), PORT).setSlot(7))
                .addSlots(slot(7, Direction.DIRECTION_INGRESS)));
    }

    private static Entry atClient() {
        return entry(
                egress(CLIENT_CLASS, tcp(from(SERVER), PORT).setSlot(8)).addSlots(slot(8, Direction.DIRECTION_EGRESS)));
    }

    private static Slot slot(int number, Direction direction) {
        return Slot.newBuilder()
                .setNumber(number)
                .setRuleSet(number)
                .setDirection(direction)
                .build();
    }
}
