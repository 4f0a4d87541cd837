// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;
import static dev.kumo.dataplane.bpf.packet.Node.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.api.Jazzer;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.dataplane.announce.ArpFrames;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.ProgramRun;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Announcement;
import dev.kumo.dataplane.bpf.map.DropReason;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.MacAddress;
import dev.kumo.dataplane.bpf.packet.Policy.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * A few packets in a row, whole ones and ones that are cut, bent or garbage, through the programs of the packet path in every
 * variant. What Jazzer sees of the kernel is what a program did with a packet and why.
 */
@Tag("privileged")
class PacketFuzzTest {
    private static final List<String> PROGRAMS =
            List.of("from_pod", "to_pod", "from_netdev", "to_netdev", "from_overlay", "to_overlay");
    private static final List<Integer> MARKS = List.of(
            0,
            Outcome.mark(Node.POD_IDENTITY, false, false),
            Outcome.mark(Node.REMOTE_IDENTITY, true, true),
            Outcome.mark(1, false, true),
            Outcome.TO_PROXY,
            Outcome.TO_PROXY | 0x0100_0000,
            Outcome.INGRESS_UPSTREAM,
            Outcome.ACCEPTED,
            Outcome.GATEWAY_UPSTREAM,
            Outcome.EGRESS_UPSTREAM);
    private static final String ANNOUNCED = "172.18.0.200";
    private static final MacAddress OWN = MacAddress.of("02:00:00:00:00:11");
    private static final int POLICY_CLASS = 5;
    private static final int SLOT = 9;
    /** Nobody listens there, in whatever namespace tests run: it is reserved. */
    private static final int PROXY_PORT = 1;
    /** Some kernels refuse to run a program on less than a whole IPv6 header. */
    private static final int SHORT = Packet.ETHERNET + 40;

    /** The kernel runs programs on no less than a link header and a byte. */
    private static final int SHORTEST = Packet.ETHERNET + 1;

    private static final int LONGEST = 1514;
    /** An RST, or an ICMP error with what it quotes: they may be longer than what they answer. */
    private static final int LONGEST_ANSWER = Packet.ETHERNET + 56;

    private static final Set<DropReason> ANSWERED = EnumSet.of(DropReason.NO_BACKEND, DropReason.POLICY_CHANGED);
    private static final List<byte[]> WHOLE = whole();
    private static final List<Node> NODES = new ArrayList<>();

    @BeforeAll
    static void load() {
        for (var routing : Routing.values()) {
            for (boolean masquerade : new boolean[] {true, false}) {
                NODES.add(furnished(new Node(routing, masquerade)));
            }
        }
    }

    @AfterAll
    static void close() {
        NODES.forEach(Node::close);
        NODES.clear();
    }

    private static Node furnished(Node node) {
        int web = node.backend(SECOND_POD, 8080, TCP);
        int far = node.backend(REMOTE_POD, 8080, TCP);
        int dns = node.backend(REMOTE_POD, 53, UDP);
        node.clusterIp(80, TCP, web, far);
        node.clusterIp(53, UDP, dns);
        node.clusterIp(81, TCP);
        node.clusterIp(81, UDP);
        node.nodePort(30080, TCP, web, far);
        node.nodePort(30053, UDP, dns);
        node.slot(SLOT, PROXY_PORT);
        node.redirected(new FrontendKey(Address.of(SERVICE), 443, TCP, FrontendKey.INTERNAL), 0, SLOT, web);
        node.redirected(new FrontendKey(Address.of(ADDRESS), 30443, TCP, FrontendKey.EXTERNAL), 0, SLOT, web);
        node.policy(
                POLICY_CLASS,
                1,
                Policy.INGRESS | Policy.EGRESS,
                Rule.ingress(Policy.ANY, TCP, 8080),
                Rule.ingress(Node.POD_IDENTITY, UDP, 53).denied(),
                Rule.egress(Policy.ANY, TCP, 0).wide(),
                Rule.egress(Node.REMOTE_IDENTITY, TCP, 8080).slot(SLOT));
        node.podClass(SECOND_POD, POLICY_CLASS);
        return node;
    }

    private static List<byte[]> whole() {
        var packets = new ArrayList<Packet>();
        for (var from : List.of(POD, SECOND_POD, REMOTE_POD, CLIENT, ADDRESS)) {
            for (var to : List.of(POD, SECOND_POD, REMOTE_POD, CLIENT, ADDRESS, SERVICE, "10.244.1.250")) {
                for (int port : new int[] {80, 443, 8080, 30080, 30443}) {
                    packets.add(Packet.syn(from, 40000, to, port));
                    packets.add(Packet.tcp(to, port, from, 40000, Body.SYN | Body.ACK));
                    packets.add(Packet.tcp(from, 40000, to, port, Body.ACK));
                }
                packets.add(Packet.tcp(from, 40000, to, 81, Body.RST));
                packets.add(Packet.udp(from, 40000, to, 53, "data"));
                packets.add(Packet.udp(to, 53, from, 40000, "answer"));
                packets.add(Packet.udp(from, 40000, to, 81, ""));
                packets.add(Packet.echo(from, to, 7));
                packets.add(Packet.unreachable(to, Packet.udp(from, 40000, to, 53, "data")));
                packets.add(Packet.unreachable(CLIENT, Packet.tcp(from, 40000, to, 80, Body.ACK)));
                packets.add(Packet.udp(from, 40000, to, 53, "x".repeat(64)).as(new Packet.Fragment(9, 0, true)));
                packets.add(
                        Packet.of(from, to, new Body.Rest(17, "y".repeat(16))).as(new Packet.Fragment(9, 72, false)));
            }
        }
        var clients = MacAddress.of("02:00:00:00:00:50");
        return Stream.concat(
                        packets.stream().map(Packet::frame),
                        Stream.of(
                                ArpFrames.request(CLIENT, clients, ANNOUNCED),
                                ArpFrames.probe(ANNOUNCED, clients),
                                ArpFrames.reply(ANNOUNCED, clients, CLIENT, OWN)))
                .toList();
    }

    @FuzzTest
    void everyPacketIsJudgedAndCountedOnce(FuzzedDataProvider data) {
        var node = NODES.get(data.consumeInt(0, NODES.size() - 1));
        node.forget();
        node.announce(ANNOUNCED, Announcement.claimed(5, OWN)); // which another host's claim ends
        int packets = data.consumeInt(1, 6);
        for (int count = 0; count < packets; count++) {
            int program = data.consumeInt(0, PROGRAMS.size() - 1);
            node.linkIs(data.pickValue(List.of(POD, SECOND_POD, "nobody's")));
            int mark = data.consumeBoolean() ? data.pickValue(MARKS) : data.consumeInt();
            var frame = frame(data);
            run(node, PROGRAMS.get(program), frame, mark).ifPresent(outcome -> {
                Jazzer.exploreState((byte) outcome.counted().ordinal(), program);
                check(outcome, frame);
            });
        }
    }

    /** Empty if the kernel has no test run for a frame so short. */
    private static Optional<Outcome> run(Node node, String program, byte[] frame, int mark) {
        try {
            return Optional.of(node.run(program, frame, mark));
        } catch (IllegalStateException e) {
            if (frame.length < SHORT && e.getMessage().endsWith("errno 22")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void check(Outcome outcome, byte[] frame) {
        int verdict = outcome.run().verdict();
        assertThat(verdict).isIn(ProgramRun.OK, ProgramRun.SHOT, ProgramRun.REDIRECT);
        if (!ANSWERED.contains(outcome.counted())) {
            assertThat(verdict == ProgramRun.SHOT)
                    .as("counted as %s, verdict %d", outcome.counted(), verdict)
                    .isEqualTo(DropReason.isLoss(outcome.counted().ordinal()));
        }
        assertThat(outcome.run().packet()).hasSizeLessThanOrEqualTo(Math.max(frame.length, LONGEST_ANSWER));
    }

    private static byte[] frame(FuzzedDataProvider data) {
        if (data.consumeInt(0, 15) == 0) {
            return padded(data.consumeBytes(LONGEST));
        }
        var frame = data.pickValue(WHOLE).clone();
        int changes = data.consumeInt(0, 3);
        for (int change = 0; change < changes; change++) {
            frame = changed(frame, data);
        }
        return frame;
    }

    private static byte[] changed(byte[] frame, FuzzedDataProvider data) {
        switch (data.consumeInt(0, 5)) {
            case 0 -> {
                return padded(Arrays.copyOf(frame, data.consumeInt(0, frame.length)));
            }
            case 1 -> frame[data.consumeInt(0, frame.length - 1)] = data.consumeByte();
            case 2 -> set(frame, Packet.ETHERNET, (byte) (0x40 | data.consumeInt(0, 15)));
            case 3 -> set(frame, Packet.ETHERNET + 6 + data.consumeInt(0, 1), data.consumeByte());
            case 4 -> {
                var type = data.pickValue(List.of(0x0806, 0x86dd, 0x8100, 0x0800, 0));
                frame[12] = (byte) (type >> 8);
                frame[13] = (byte) (int) type;
            }
            default -> {
                return withOptions(frame, data.consumeBytes(40));
            }
        }
        return frame;
    }

    private static void set(byte[] frame, int at, byte value) {
        if (at < frame.length) {
            frame[at] = value;
        }
    }

    /** Puts whole words behind the IP header, as options are. */
    private static byte[] withOptions(byte[] frame, byte[] options) {
        int end = Packet.ETHERNET + Packet.IP_HEADER;
        int length = options.length / 4 * 4;
        if (frame.length < end || frame.length + length > LONGEST) {
            return frame;
        }
        var longer = new byte[frame.length + length];
        System.arraycopy(frame, 0, longer, 0, end);
        System.arraycopy(options, 0, longer, end, length);
        System.arraycopy(frame, end, longer, end + length, frame.length - end);
        longer[Packet.ETHERNET] = (byte) (0x40 | (Packet.IP_HEADER + length) / 4);
        return longer;
    }

    private static byte[] padded(byte[] frame) {
        return frame.length < SHORTEST ? Arrays.copyOf(frame, SHORTEST) : frame;
    }
}
