// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.stream.Reason;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real links in namespaces of the test's own, looked at with ip(8). */
@Tag("privileged")
class KernelLinksTest {
    private static final Address NODE = Address.of("172.18.0.11");
    private static final Address POD = Address.of("10.244.1.7");

    private TestNamespace node;
    private TestNamespace pod;
    private KernelLinks links;

    @BeforeEach
    void start() throws Exception {
        node = TestNamespace.create("node");
        pod = TestNamespace.create("pod");
        node.ip("address", "add", NODE + "/32", "dev", "lo");
        links = node.call(KernelLinks::new);
        node.call(() -> {
            links.prepareNode();
            return true;
        });
    }

    @AfterEach
    void stop() throws Exception {
        links.close();
        pod.close();
        node.close();
    }

    @Test
    void aPodsLinkCarriesPacketsBothWays() throws Exception {
        var link = create();
        assertThat(link.name()).startsWith("lxc").hasSize(14);
        assertThat(link.mac()).isEqualTo(MacAddress.HOST_SIDE);
        assertThat(link.mtu()).isEqualTo(1450);
        assertThat(link.up()).isTrue();
        assertThat(link.kind()).isEqualTo("veth");
        assertThat(peerSeenBy(pod, POD, node)).isEqualTo(NODE);
        assertThat(peerSeenBy(node, NODE, pod)).isEqualTo(POD);
    }

    @Test
    void aPodsSettingsAreThoseOfTheDesign() throws Exception {
        var link = create();
        assertThat(pod.ip("route")).contains("default via 169.254.1.1 dev eth0", "169.254.1.1 dev eth0");
        assertThat(pod.ip("neighbour")).contains("169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee PERMANENT");
        assertThat(node.ip("neighbour"))
                .contains("10.244.1.7 dev " + link.name() + " lladdr 0a:58:0a:f4:01:07 PERMANENT");
        assertThat(node.ip("route")).contains("10.244.1.7 dev " + link.name(), "src 172.18.0.11");
        assertThat(setting(pod, "ipv4/ip_local_port_range")).isEqualTo("32768\t49151");
        assertThat(setting(node, "ipv4/ip_local_port_range")).isEqualTo("49152\t60999");
        assertThat(setting(node, "ipv4/conf/" + link.name() + "/rp_filter")).isEqualTo("0");
        assertThat(setting(node, "ipv4/conf/" + link.name() + "/accept_local")).isEqualTo("1");
    }

    @Test
    void aPodsInterfaceIsFoundAsItWasMade() throws Exception {
        var link = create();
        var found = links.inspectPod(pod.path(), "eth0").orElseThrow();
        assertThat(found.link().mac()).isEqualTo(MacAddress.ofPod(POD));
        assertThat(found.peerIndex()).isEqualTo(link.index());
        assertThat(found.addresses()).containsExactly(POD);
        assertThat(found.hasDefaultRoute()).isTrue();
        assertThat(links.inspectPod(pod.path(), "eth1")).isEmpty();
    }

    @Test
    void aNameThatIsTakenIsAConflictAndNothingIsLeft() throws Exception {
        pod.ip("link", "add", "eth0", "type", "veth");
        assertRefused(this::create, Reason.INTERFACE_CONFLICT);
        assertThat(links.find(spec().hostName())).isEmpty();
        assertThat(links.routes()).isEmpty();
    }

    @Test
    void aLaterRefusalUndoesWhatWasMade() throws Exception {
        node.ip("address", "del", NODE + "/32", "dev", "lo");
        // The route's source address is no longer the node's.
        assertRefused(this::create, Reason.KERNEL_ERROR);
        assertThat(links.find(spec().hostName())).isEmpty();
        assertThat(links.inspectPod(pod.path(), "eth0")).isEmpty();
    }

    @Test
    void aNamespaceThatIsGoneIsNamedAsSuch(@TempDir Path directory) throws Exception {
        var missing = new PodLink("lxc1", directory.resolve("none"), "eth0", POD, NODE, 1450);
        assertRefused(() -> links.createPod(missing), Reason.NETNS_GONE);
        var plainFile = Files.createFile(directory.resolve("unmounted"));
        assertRefused(() -> links.inspectPod(plainFile, "eth0"), Reason.NETNS_GONE);
    }

    @Test
    void deletingANodesSideTakesThePodsSideAndTheRouteAlong() throws Exception {
        var link = create();
        assertThat(links.delete(link.name())).isTrue();
        assertThat(links.delete(link.name())).isFalse();
        assertThat(links.inspectPod(pod.path(), "eth0")).isEmpty();
        assertThat(links.routes()).isEmpty();
    }

    @Test
    void theOverlayIsMadeOnceAndBroughtIntoLine() throws Exception {
        var wanted = new OverlayLink("cilium_vxlan", 8472, NODE, 1450);
        var made = overlay(wanted);
        assertThat(made.mac()).isEqualTo(MacAddress.of("0a:56:ac:12:00:0b"));
        assertThat(made.up()).isTrue();
        assertThat(node.ip("-d", "link", "show", "cilium_vxlan"))
                .contains("NOARP", "external", "dstport 8472", "nolearning", "mtu 1450");
        node.ip("link", "set", "cilium_vxlan", "mtu", "1300", "down");
        assertThat(overlay(wanted)).isEqualTo(made);
        assertThat(overlay(new OverlayLink("cilium_vxlan", 8473, NODE, 1450)).index())
                .isNotEqualTo(made.index());
    }

    @Test
    void ourRoutesAreListedAndSweptAndOthersAreNot() throws Exception {
        int overlay = overlay(new OverlayLink("cilium_vxlan", 8472, NODE, 1450)).index();
        node.ip("route", "add", "10.99.0.0/16", "dev", "cilium_vxlan");
        var range = Address.of("10.244.2.0");
        var route = new Route(range, 24, overlay, null, NODE, 1400);
        links.replaceRoute(route);
        links.replaceRoute(route);
        assertThat(links.routes()).containsExactly(route);
        var moved = new Route(range, 24, overlay, null, NODE, 1300);
        links.replaceRoute(moved);
        assertThat(links.routes()).containsExactly(moved);
        assertThat(links.deleteRoute(range, 24)).isTrue();
        assertThat(links.deleteRoute(range, 24)).isFalse();
        assertThat(links.deleteRoute(Address.of("10.99.0.0"), 16)).isFalse();
        assertThat(node.ip("route")).contains("10.99.0.0/16").doesNotContain("10.244.2.0");
    }

    @Test
    void aDeviceIsFoundByNameNumberAndAddress() throws Exception {
        var lo = links.find("lo").orElseThrow();
        assertThat(links.find(lo.index())).contains(lo);
        assertThat(links.findByAddress(NODE)).contains(lo);
        assertThat(links.findByAddress(Address.of("172.18.0.12"))).isEmpty();
        assertThat(links.find("none")).isEmpty();
        assertThat(links.list()).extracting(Link::name).contains("lo");
    }

    @Test
    void theWatchTellsWhatIsThereWhatComesAndWhatGoes() throws Exception {
        Map<String, List<Boolean>> seen = new ConcurrentHashMap<>();
        try (var watch = node.call(() -> links.watch(
                event -> seen.put(event.link().name(), List.of(event.link().up(), event.removed()))))) {
            await().untilAsserted(() -> assertThat(seen).containsEntry("lo", List.of(true, false)));
            var link = create();
            await().untilAsserted(() -> assertThat(seen).containsEntry(link.name(), List.of(true, false)));
            links.delete(link.name());
            await().untilAsserted(() -> assertThat(seen.get(link.name())).last().isEqualTo(true));
        }
    }

    /** Who a server in one namespace is called by, when a client in the other connects to it. */
    private static Address peerSeenBy(TestNamespace server, Address address, TestNamespace client) throws Exception {
        try (var listener = server.call(() -> new ServerSocket(0, 1, address.toInetAddress()));
                var connection = client.call(() -> new Socket(address.toInetAddress(), listener.getLocalPort()));
                var accepted = listener.accept()) {
            assertThat(connection.isConnected()).isTrue();
            return Address.of(accepted.getInetAddress());
        }
    }

    private PodLink spec() {
        return new PodLink(PodLink.hostName("sandbox"), pod.path(), "eth0", POD, NODE, 1450);
    }

    private Link create() throws Exception {
        return node.call(() -> links.createPod(spec()));
    }

    private Link overlay(OverlayLink overlay) throws Exception {
        return node.call(() -> links.ensureOverlay(overlay));
    }

    private static String setting(TestNamespace namespace, String name) throws Exception {
        return namespace.shell("cat /proc/sys/net/" + name).strip();
    }

    private static void assertRefused(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LinkException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}
