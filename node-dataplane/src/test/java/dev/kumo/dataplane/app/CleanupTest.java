// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.KernelFilesystem;
import dev.kumo.dataplane.bpf.NodeConfig.Range;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.cni.ConfList;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.PodLink;
import dev.kumo.dataplane.link.Route;
import dev.kumo.dataplane.link.TestNamespace;
import dev.kumo.dataplane.node.Items;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.node.NodeDevices;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with everything on it that a dataplane leaves behind, in a network namespace of its own. */
@Tag("privileged")
class CleanupTest {
    private static final LocalNode NODE =
            LocalNode.of(Items.node("w1", "172.18.0.11", "10.244.1.0/24")).orElseThrow();

    /** A link that some other network has named as we do. */
    private static final String OTHERS = "lxc0123456789a";

    @TempDir
    private Path files;

    private final List<String> told = new ArrayList<>();
    private final Path bpf = TestDatapath.newPins();
    private TestNamespace namespace;
    private TestNamespace pod;
    private DataplaneConfig.Paths paths;

    @BeforeEach
    void makeNode() throws Exception {
        paths = new SmallRyeConfigBuilder()
                .withDefaultValue("kumo.paths.run", files.resolve("run").toString())
                .withDefaultValue("kumo.paths.bpf", bpf.toString())
                .withDefaultValue("kumo.paths.state", files.resolve("state").toString())
                .withDefaultValue(
                        "kumo.paths.cni-config", files.resolve("net.d").toString())
                .withMapping(DataplaneConfig.Paths.class, "kumo.paths")
                .build()
                .getConfigMapping(DataplaneConfig.Paths.class, "kumo.paths");
        namespace = TestNamespace.create("clean");
        pod = TestNamespace.create("pod");
        namespace.ip("link", "add", "eth0", "type", "veth", "peer", "name", OTHERS);
        namespace.ip("link", "set", OTHERS, "up");
        namespace.ip("link", "set", "eth0", "up");
        namespace.ip("address", "add", "172.18.0.11/16", "dev", "eth0");
    }

    @AfterEach
    void removeNode() throws Exception {
        KernelFilesystem.CGROUP2.removeFrom(paths.run().resolve("cgroup2"));
        namespace.call(() -> {
            Datapath.remove(bpf.resolve("kumo"));
            return true;
        });
        Files.deleteIfExists(bpf);
        pod.close();
        namespace.close();
    }

    @Test
    void nothingOfOursIsLeftAndNothingOfOthersIsTaken() throws Exception {
        live();
        assertThat(namespace.ip("rule")).contains("lookup 2004");
        assertThat(namespace.ip("route")).contains("10.244.1.7", "10.244.2.0/24", "10.244.3.0/24");
        assertThat(namespace.shell("tc filter show dev eth0 ingress")).contains("direct-action");

        cleanUp();

        assertThat(told)
                .containsExactly(
                        "CNI configuration: removed",
                        "hooks and pins: removed",
                        "links: 2 removed",
                        "routes: 1 removed", // the others went with their links
                        "state: removed");
        assertThat(bpf).isEmptyDirectory();
        assertThat(paths.cniConfig()).isDirectoryNotContaining(file -> file.endsWith(ConfList.NAME));
        assertThat(paths.run()).isEmptyDirectory();
        assertThat(paths.state()).isEmptyDirectory();
        assertThat(namespace.ip("route")).contains("172.18.0.0/16").doesNotContain("10.244.");
        assertThat(namespace.ip("rule")).doesNotContain("2004").doesNotContain("0x200");
        assertThat(namespace.ip("link"))
                .contains("eth0", OTHERS)
                .doesNotContain("cilium_vxlan", PodLink.hostName("sandbox"));
        assertThat(namespace.shell("tc filter show dev eth0 ingress; tc filter show dev eth0 egress"))
                .isEmpty();
    }

    @Test
    void isRepeatedWhereItHasNothingToDo() throws Exception {
        cleanUp();
        live();
        cleanUp();
        told.clear();
        cleanUp();
        assertThat(told).contains("links: 0 removed", "routes: 0 removed");
    }

    @Test
    void isRefusedBesideARunningDataplane() throws Exception {
        live();
        var socket = paths.run().resolve("dataplane.sock");
        Files.delete(socket);
        try (var running = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            running.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(this::cleanUp)
                    .isInstanceOf(CleanupException.class)
                    .hasMessage("a dataplane listens on " + socket + ": end it first");
        }
        assertThat(paths.cniConfig().resolve(ConfList.NAME)).exists();
    }

    @Test
    void whatIsMountedInTheStateIsNotEntered() throws Exception {
        live();
        KernelFilesystem.BPF.ensureAt(paths.state().resolve("mounted"));
        try {
            assertThatThrownBy(this::cleanUp)
                    .isInstanceOf(CleanupException.class)
                    .hasMessage(
                            "state: something is mounted at " + paths.state().resolve("mounted"));
        } finally {
            KernelFilesystem.BPF.removeFrom(paths.state().resolve("mounted"));
        }
    }

    private void cleanUp() throws Exception {
        namespace.call(() -> {
            try (var links = new KernelLinks()) {
                new Cleanup(paths, links, told::add).run();
            }
            return true;
        });
    }

    /** What a dataplane does with its node and one pod. */
    private void live() throws Exception {
        namespace.call(() -> {
            try (var links = new KernelLinks()) {
                var network =
                        new NodeDevices(links, List.of("eth0"), Range.of("10.244.0.0/16"), Routing.VXLAN).prepare(NODE);
                try (var datapath = Datapath.load(
                        TestDatapath.OBJECTS, bpf.resolve("kumo"), network.config(Address.ofIpv4(0), true))) {
                    datapath.attachNetdev(network.device().index());
                    datapath.attachOverlay(network.overlay().index());
                    var link = links.createPod(new PodLink(
                            PodLink.hostName("sandbox"),
                            pod.path(),
                            "eth0",
                            Address.of("10.244.1.7"),
                            NODE.address(),
                            1450));
                    datapath.attachPod(link.index());
                }
                var overlay = network.overlay().index();
                links.replaceRoute(new Route(Address.of("10.244.2.0"), 24, overlay, null, NODE.address(), 1450));
                var direct = network.device().index();
                var w3 = Address.of("172.18.0.13");
                links.replaceRoute(new Route(Address.of("10.244.3.0"), 24, direct, w3, NODE.address(), 0));
            }
            return true;
        });
        new ConfList(Files.createDirectories(paths.cniConfig())).write();
        Files.createDirectories(paths.state().resolve("feeds"));
        Files.writeString(paths.state().resolve("feeds/policy.bin"), "state");
        Files.createDirectories(paths.run());
        Files.writeString(paths.run().resolve("dataplane.sock"), "left behind");
        KernelFilesystem.CGROUP2.ensureAt(paths.run().resolve("cgroup2"));
    }
}
