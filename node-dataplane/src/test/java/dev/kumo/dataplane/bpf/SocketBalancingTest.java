// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TestSocket;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.Hook;
import dev.kumo.dataplane.link.TestNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Services at the socket, with this process's own sockets in a cgroup and a network namespace of the test's. The service's
 * address has no route there: whatever arrives was translated.
 */
@Tag("privileged")
class SocketBalancingTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final InetSocketAddress VIP = new InetSocketAddress("10.96.0.77", 80);

    private static TestCgroup cgroup;
    private static TestDatapath kernel;
    private TestNamespace namespace;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void load() throws Exception {
        cgroup = TestCgroup.enter();
        kernel = TestDatapath.load(TestDatapath.CONFIG);
        kernel.datapath().attachSockets(cgroup.path());
    }

    @AfterAll
    static void remove() throws Exception {
        kernel.close();
        cgroup.close();
    }

    @BeforeEach
    void start() throws Exception {
        namespace = TestNamespace.create("socket");
    }

    @AfterEach
    void stop() throws Exception {
        for (var resource : opened) {
            resource.close();
        }
        namespace.close();
        empty(kernel.datapath().frontends());
        empty(kernel.datapath().backendSets());
        empty(kernel.datapath().backends());
    }

    private static <K, V> void empty(KernelMap<K, V> map) {
        map.forEach((key, value) -> map.delete(key));
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void aConnectionReachesABackendFromBothKindsOfSocket(StandardProtocolFamily family) throws Exception {
        var server = listener();
        serve(TCP, 0, server.getLocalPort());
        try (var client = channel(family)) {
            client.connect(VIP);
            try (var accepted = server.accept()) {
                assertThat(accepted.isConnected()).isTrue();
            }
        }
    }

    @Test
    void thePeerIsWhatWasConnectedTo() throws Exception {
        serve(TCP, 0, listener().getLocalPort());
        try (var client = namespace.call(TestSocket::new)) {
            client.connect(VIP);
            assertThat(client.peer()).isEqualTo(VIP);
        }
    }

    @Test
    void aServiceWithoutBackendsRefuses() {
        serve(TCP, 0);
        assertThatThrownBy(() -> connect(VIP))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        var counted = new TreeMap<String, Long>();
        kernel.datapath()
                .metrics()
                .forEach((key, value) ->
                        counted.put(DropReason.nameOf(key.reason()) + " " + Hook.nameOf(key.hook()), value.packets()));
        assertThat(counted).containsExactly(Map.entry("NO_BACKEND SOCKET", 1L));
    }

    @Test
    void portsThatNoServiceHasAndThoseOfL7AreLeftAlone() {
        var redirected = new InetSocketAddress(VIP.getAddress(), 8080);
        kernel.datapath().frontends().update(key(redirected, TCP), new Frontend(1, 1, 1, 0, 0, 11000));
        for (var address : List.of(VIP, redirected)) {
            assertThatThrownBy(() -> connect(address)).hasMessage("Network is unreachable");
        }
    }

    @Test
    void anAffineClientKeepsItsBackend() throws Exception {
        var servers = List.of(listener(), listener(), listener(), listener());
        serve(
                TCP,
                Frontend.AFFINITY,
                servers.stream().mapToInt(ServerSocket::getLocalPort).toArray());
        assertThat(portsReached(16)).hasSize(1);
        kernel.datapath().frontends().update(key(VIP, TCP), new Frontend(1, 1, servers.size(), 0, 0, 0));
        assertThat(portsReached(64)).hasSize(servers.size());
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void aDatagramsAnswerComesFromTheService(StandardProtocolFamily family) throws Exception {
        var server = echo();
        serve(UDP, 0, port(server));
        try (var client = datagrams(family)) {
            assertThat(ask(client, server)).isEqualTo(VIP);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void aConnectedDatagramSocketTalksToOneBackend(StandardProtocolFamily family) throws Exception {
        var server = echo();
        serve(UDP, 0, port(server));
        try (var client = datagrams(family)) {
            client.connect(VIP);
            client.write(ByteBuffer.wrap(new byte[] {1}));
            answer(server);
            assertThat(client.receive(ByteBuffer.allocate(8))).isEqualTo(VIP);
        }
    }

    @Test
    void datagramsOfOneSocketGoToOneBackendUntilItIsGone() throws Exception {
        var first = echo();
        var second = echo();
        serve(UDP, 0, port(first), port(second));
        try (var client = datagrams(StandardProtocolFamily.INET)) {
            Set<DatagramChannel> reached = new HashSet<>();
            for (int i = 0; i < 16; i++) {
                client.send(ByteBuffer.wrap(new byte[] {1}), VIP);
                reached.add(received(first) ? first : second);
                received(second);
            }
            assertThat(reached).hasSize(1);
            var kept = reached.iterator().next();
            var other = kept == first ? second : first;
            kernel.datapath().backends().delete(kept == first ? 1 : 2);
            kernel.datapath().backendSets().update(new BackendSlot(1, kept == first ? 0 : 1), kept == first ? 2 : 1);
            assertThat(ask(client, other)).isEqualTo(VIP);
        }
    }

    @Test
    void attachingAgainKeepsTheLinks() {
        var links = Pins.in(kernel.pins().resolve("links"));
        var before = links.stream().map(SocketBalancingTest::number).toList();
        kernel.datapath().attachSockets(cgroup.path());
        assertThat(links).hasSize(8);
        assertThat(links.stream().map(SocketBalancingTest::number)).containsExactlyElementsOf(before);
    }

    @Test
    void aNewerProgramTakesTheOldOnesPlaceInItsLink(@TempDir Path objects) throws Exception {
        for (var object : Pins.in(TestDatapath.OBJECTS)) {
            Files.copy(object, objects.resolve(object.getFileName()));
        }
        // Other bytes are another object, though this one does the same.
        Files.write(objects.resolve("socket.bpf.o"), new byte[] {0}, StandardOpenOption.APPEND);
        var link = kernel.pins().resolve("links/connect4");
        int number = number(link);
        int program = program(link);
        try (var newer = Datapath.load(objects, kernel.pins(), TestDatapath.CONFIG)) {
            newer.attachSockets(cgroup.path());
            assertThat(number(link)).isEqualTo(number);
            assertThat(program(link)).isNotEqualTo(program);
        }
        kernel.datapath().attachSockets(cgroup.path());
        assertThat(program(link)).isEqualTo(program);
    }

    @Test
    void aLinkOnAnotherCgroupIsMadeAnew() throws Exception {
        var link = kernel.pins().resolve("links/connect4");
        int number = number(link);
        var other = Files.createDirectory(cgroup.path().resolve("other"));
        kernel.datapath().attachSockets(other);
        assertThat(number(link)).isNotEqualTo(number);
        // The kernel ends a cgroup's links with it.
        Files.delete(other);
        kernel.datapath().attachSockets(cgroup.path());
        serve(TCP, 0, listener().getLocalPort());
        try (var client = connect(VIP)) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    private static int program(Path link) {
        int fd = BpfSyscall.get(link);
        try {
            return BpfSyscall.linkInfo(fd).programId();
        } finally {
            BpfSyscall.close(fd);
        }
    }

    private static int number(Path pin) {
        int fd = BpfSyscall.get(pin);
        try {
            return BpfSyscall.id(fd);
        } finally {
            BpfSyscall.close(fd);
        }
    }

    /** Makes the service, with one backend a port on the loopback address. */
    private void serve(int protocol, int flags, int... ports) {
        var datapath = kernel.datapath();
        for (int i = 0; i < ports.length; i++) {
            datapath.backends().update(i + 1, new Backend(Address.of("127.0.0.1"), ports[i], protocol, 0));
            datapath.backendSets().update(new BackendSlot(1, i), i + 1);
        }
        datapath.frontends().update(key(VIP, protocol), new Frontend(1, 1, ports.length, flags, 3600, 0));
    }

    private static FrontendKey key(InetSocketAddress address, int protocol) {
        return new FrontendKey(Address.of(address.getAddress()), address.getPort(), protocol, FrontendKey.INTERNAL);
    }

    private Socket connect(InetSocketAddress address) throws Exception {
        return namespace.call(() -> new Socket(address.getAddress(), address.getPort()));
    }

    /** The backends' ports that so many connections came to. */
    private Set<Integer> portsReached(int connections) throws Exception {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            try (var client = connect(VIP)) {
                // The kernel's view of the connection; the peer that Java reports is what was asked for.
                var local = client.getLocalPort();
                var line = namespace.shell("ss -Htn sport = :" + local);
                ports.add(Integer.parseInt(line.strip().replaceFirst(".*:(\\d+)$", "$1")));
            }
        }
        return ports;
    }

    private ServerSocket listener() throws Exception {
        return keep(namespace.call(() -> new ServerSocket(0, 64, InetAddress.getLoopbackAddress())));
    }

    private SocketChannel channel(ProtocolFamily family) throws Exception {
        return namespace.call(() -> SocketChannel.open(family));
    }

    private DatagramChannel datagrams(ProtocolFamily family) throws Exception {
        return namespace.call(() -> DatagramChannel.open(family));
    }

    private DatagramChannel echo() throws Exception {
        var server = keep(datagrams(StandardProtocolFamily.INET));
        server.bind(new InetSocketAddress("127.0.0.1", 0));
        return server;
    }

    /** Sends to the service, has the server answer, and says whom the answer came from. */
    private static InetSocketAddress ask(DatagramChannel client, DatagramChannel server) throws IOException {
        client.send(ByteBuffer.wrap(new byte[] {1}), VIP);
        answer(server);
        return (InetSocketAddress) client.receive(ByteBuffer.allocate(8));
    }

    private static void answer(DatagramChannel server) throws IOException {
        var packet = ByteBuffer.allocate(8);
        var client = server.receive(packet);
        server.send(packet.flip(), client);
    }

    /** Whether a datagram is there; loopback delivers before send returns. */
    private static boolean received(DatagramChannel server) throws IOException {
        server.configureBlocking(false);
        try {
            return server.receive(ByteBuffer.allocate(8)) != null;
        } finally {
            server.configureBlocking(true);
        }
    }

    private static int port(DatagramChannel server) throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }
}
