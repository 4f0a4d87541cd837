// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import static dev.kumo.dataplane.gateway.GatewayItems.backend;
import static dev.kumo.dataplane.gateway.GatewayItems.cluster;
import static dev.kumo.dataplane.gateway.GatewayItems.listener;
import static dev.kumo.dataplane.gateway.GatewayItems.redirect;
import static dev.kumo.dataplane.gateway.GatewayItems.routes;
import static dev.kumo.dataplane.gateway.GatewayItems.service;
import static dev.kumo.dataplane.policy.Classes.entry;
import static dev.kumo.dataplane.policy.Classes.from;
import static dev.kumo.dataplane.policy.Classes.ingress;
import static dev.kumo.dataplane.policy.Classes.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.policy.LiveNode;
import dev.kumo.dataplane.policy.LivePod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From outside, from pods and from the node's processes through a listener of the stock Envoy to pods of the node. */
@Tag("privileged")
class GatewayOnNodeTest {
    private static final String VIP = "10.96.0.7";
    private static final String CLIENT = "10.244.1.10";
    private static final String SERVER = "10.244.1.20";
    private static final int PORT = 8080;
    private static final int CLIENT_PORT = 40_000;
    private static final int SERVER_CLASS = 5;
    private static final int INGRESS = 8;
    private static final String AS_INGRESS = "200 " + LiveNode.INGRESS;

    @TempDir
    Path folder;

    private LiveGateway gateway;
    private LivePod client;
    private LivePod server;

    @BeforeEach
    void start() throws Exception {
        gateway = new LiveGateway(folder);
        gateway.node.become(entry(ingress(SERVER_CLASS, tcp(from(INGRESS), PORT))));
        client = gateway.node.pod(CLIENT, 300, 0);
        server = gateway.node.pod(SERVER, 400, SERVER_CLASS);
        client.serve(PORT);
        server.serve(PORT);
        gateway.services(service("gw", VIP), service("web", "10.96.0.8"), backend("web", "web", SERVER, PORT, true));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private void serve() {
        gateway.become(
                listener("gw/80", "gw/80"),
                routes("gw/80", "shop/web:80"),
                cluster("shop/web:80", true),
                redirect("gw", "gw/80", false));
    }

    @Test
    void clientsOutsidePodsAndTheNodeReachABackendAsIngress() throws Exception {
        serve();
        assertThat(gateway.get(gateway.outside, LiveNode.ADDRESS.toString(), 30080))
                .isEqualTo(AS_INGRESS);
        assertThat(gateway.get(client.namespace(), VIP, 80)).isEqualTo(AS_INGRESS);
        assertThat(gateway.get(gateway.node.namespace(), VIP, 80)).isEqualTo(AS_INGRESS);
        assertThat(gateway.get(gateway.node.namespace(), LiveNode.ADDRESS.toString(), 30080))
                .isEqualTo(AS_INGRESS);
    }

    /** Envoy closes first, so that its side of the connection rests in TIME-WAIT. */
    @Test
    void clientsThatTakeTheirPortsAgainAreServed() throws Exception {
        serve();
        for (int turn = 0; turn < 5; turn++) {
            assertThat(last(gateway.outside, LiveNode.ADDRESS.toString(), 30080))
                    .as("from outside, connection %s", turn)
                    .isEqualTo(AS_INGRESS);
            assertThat(last(client.namespace(), VIP, 80))
                    .as("from a pod, connection %s", turn)
                    .isEqualTo(AS_INGRESS);
        }
    }

    private static String last(TestNamespace from, String address, int port) throws Exception {
        var to = new InetSocketAddress(InetAddress.getByName(address), port);
        try (var connection = LivePod.connectFrom(from, CLIENT_PORT, to)) {
            return connection.getLast("/");
        }
    }

    @Test
    void theBackendsPolicyHolds() throws Exception {
        serve();
        gateway.node.become(entry(ingress(SERVER_CLASS)));
        assertThat(gateway.get(gateway.outside, LiveNode.ADDRESS.toString(), 30080))
                .startsWith("503");
        assertThat(gateway.node.drops()).containsKey("POLICY_DENIED");
    }

    @Test
    void endpointsChangeAndNoRequestFails() throws Exception {
        serve();
        var answers = new TreeMap<String, Integer>();
        try (var connection = gateway.connect(gateway.outside, LiveNode.ADDRESS.toString(), 30080)) {
            for (int request = 0; request < 100; request++) {
                if (request == 30) {
                    gateway.services(backend("web", "web", CLIENT, PORT, true));
                } else if (request == 60) {
                    gateway.services(backend("web", "web", SERVER, PORT, false));
                }
                answers.merge(connection.get("/"), 1, Integer::sum);
            }
        }
        assertThat(answers).containsOnlyKeys(AS_INGRESS);
    }

    @Test
    void aClientsAddressIsKept() throws Exception {
        gateway.node.become(entry(ingress(SERVER_CLASS, tcp(from(300), PORT), tcp(from(2), PORT))));
        gateway.become(
                listener("cec", "cec"),
                routes("cec", "shop/web"),
                cluster("shop/web", false),
                redirect("gw", "cec", true));
        assertThat(gateway.get(client.namespace(), VIP, 80)).isEqualTo("200 " + CLIENT);
        assertThat(gateway.get(gateway.outside, LiveNode.ADDRESS.toString(), 30080))
                .isEqualTo("200 " + LiveGateway.OUTSIDE);
        assertThat(gateway.get(gateway.node.namespace(), VIP, 80)).isEqualTo("200 " + LiveNode.ADDRESS);
        assertThat(gateway.get(server.namespace(), VIP, 80)).isEqualTo("200 169.254.42.1");
    }

    @Test
    void withoutEnvoyNothingPasses() throws Exception {
        serve();
        gateway.node.killEnvoy();
        assertThatThrownBy(() -> gateway.get(gateway.outside, LiveNode.ADDRESS.toString(), 30080))
                .isInstanceOf(IOException.class);
        assertThat(gateway.node.drops()).containsKey("PROXY_UNAVAILABLE");
    }
}
