// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.packet;

import static dev.kumo.dataplane.bpf.packet.Node.ADDRESS;
import static dev.kumo.dataplane.bpf.packet.Node.CLIENT;
import static dev.kumo.dataplane.bpf.packet.Node.POD;
import static dev.kumo.dataplane.bpf.packet.Node.POD_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_IDENTITY;
import static dev.kumo.dataplane.bpf.packet.Node.REMOTE_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SECOND_POD;
import static dev.kumo.dataplane.bpf.packet.Node.SERVICE;
import static dev.kumo.dataplane.bpf.packet.Node.TCP;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import dev.kumo.dataplane.bpf.RepeatedRun;
import dev.kumo.dataplane.bpf.TestDatapath;
import dev.kumo.dataplane.bpf.packet.Policy.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Measures for {@code bench/parts/kernel.py} what one packet costs in each program: prints a sample a line as JSON. Arguments:
 * the compiled {@code again.bpf.c}, rounds, packets a sample.
 */
final class PacketCost {
    private static final String COST = "one packet";
    private static final String VERIFIED = "verified";
    private static final String CODE = "machine code";
    private static final List<String> PROGRAMS = List.of(
            "from_pod",
            "to_pod",
            "from_netdev",
            "to_netdev",
            "from_overlay",
            "to_overlay",
            "connect4",
            "connect6",
            "sendmsg4",
            "sendmsg6",
            "recvmsg4",
            "recvmsg6",
            "getpeername4",
            "getpeername6");
    private static final Pattern JITED = Pattern.compile("\"bytes_jited\": ?(\\d+)");
    private static final String GUARDED_POD = "10.244.1.30";
    private static final int GUARDED_IDENTITY = 70040;
    private static final int CLASS = 5;
    private static final int ENTRIES = 1000;
    /** Source ports of new connections begin here; as many packets a sample must have room above. */
    private static final int FIRST_PORT = 1024;

    private static final int WORLD = 2;
    private static final String WEB = "203.0.113.7";

    private final Node node;
    private final List<Case> cases = new ArrayList<>();

    /** One kind of packet at one hook, on a connection that is known or a new one each time. */
    private record Case(String subject, String program, String pod, Packet packet, int mark, int firstPort) {}

    private PacketCost(Node node) {
        this.node = node;
    }

    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[1]);
        int packets = Integer.parseInt(arguments[2]);
        var pins = TestDatapath.newPins();
        try (var runs = RepeatedRun.load(Path.of(arguments[0]), pins);
                var node = new Node(Routing.VXLAN)) {
            var cost = new PacketCost(node);
            cost.prepare();
            for (int round = 0; round < rounds; round++) {
                cost.measure(runs, packets);
            }
            cost.tellPrograms();
        } finally {
            Datapath.remove(pins);
        }
    }

    /** Opens every connection as two ends would; each step asserts that it is let pass. */
    private void prepare() {
        node.pod(GUARDED_POD, GUARDED_IDENTITY);
        node.podClass(GUARDED_POD, CLASS);
        node.policy(CLASS, 1, Policy.INGRESS | Policy.EGRESS, rules());
        sameNode("no policy", SECOND_POD, 8080);
        sameNode("1,000 policy entries", GUARDED_POD, 8080);
        otherNode();
        clusterIp();
        nodePort();
        masquerade();
    }

    private static Rule[] rules() {
        var rules = new ArrayList<Rule>();
        rules.add(Rule.ingress(POD_IDENTITY, TCP, 8080));
        for (int port = 1; rules.size() < ENTRIES; port++) {
            rules.add(Rule.ingress(POD_IDENTITY, TCP, 10_000 + port));
        }
        return rules.toArray(Rule[]::new);
    }

    private void sameNode(String policy, String server, int port) {
        var syn = Packet.syn(POD, 40000, server, port);
        var sent = node.fromPod(syn);
        sent.redirected();
        node.toPod(syn, sent.run().mark()).passed();
        node.fromPod(syn.answer()).redirected();
        node.toPod(syn.answer(), 0).passed();
        var data = Packet.tcp(POD, 40000, server, port, Body.ACK);
        int mark = Outcome.mark(POD_IDENTITY, false, false);
        if (server.equals(SECOND_POD)) {
            known("from_pod: to a pod of this node", "from_pod", POD, data, 0);
            fresh("from_pod: new connection to it", "from_pod", POD, Packet.syn(POD, 1, server, port), 0);
        }
        known("to_pod: " + policy, "to_pod", server, data, mark);
        fresh("to_pod: new connection, " + policy, "to_pod", server, Packet.syn(POD, 1, server, port), mark);
    }

    private void otherNode() {
        var syn = Packet.syn(POD, 40000, REMOTE_POD, 8080);
        var sent = node.fromPod(syn);
        node.toOverlay(syn, sent.run().mark()).passed();
        node.toPod(syn.answer(), Outcome.mark(REMOTE_IDENTITY, false, true)).passed();
        var data = Packet.tcp(POD, 40000, REMOTE_POD, 8080, Body.ACK);
        known("from_pod: to a pod of another node", "from_pod", POD, data, 0);
        known("to_overlay: the same packet", "to_overlay", POD, data, sent.run().mark());
    }

    private void clusterIp() {
        node.clusterIp(80, TCP, node.backend(SECOND_POD, 9090, TCP));
        var syn = Packet.syn(POD, 40001, SERVICE, 80);
        var sent = node.fromPod(syn);
        var balanced = sent.redirected();
        node.toPod(balanced, sent.run().mark()).passed();
        node.fromPod(balanced.answer()).redirected();
        node.toPod(balanced.answer(), 0).passed();
        known("from_pod: to a ClusterIP", "from_pod", POD, Packet.tcp(POD, 40001, SERVICE, 80, Body.ACK), 0);
        known(
                "to_pod: answer of its backend",
                "to_pod",
                POD,
                Packet.tcp(SECOND_POD, 9090, POD, 40001, Body.ACK),
                Outcome.mark(Node.SECOND_IDENTITY, true, false));
        fresh("from_pod: new connection to it (ClusterIP)", "from_pod", POD, Packet.syn(POD, 1, SERVICE, 80), 0);
    }

    private void nodePort() {
        node.nodePort(30080, TCP, node.backend(POD, 8080, TCP));
        var syn = Packet.syn(CLIENT, 50000, ADDRESS, 30080);
        var delivered = node.fromNetdev(syn);
        node.toPod(delivered.redirected(), delivered.run().mark()).passed();
        var answer = node.fromPod(delivered.redirected().answer());
        node.toNetdev(answer.passed(), answer.run().mark()).passed();
        known("from_netdev: to a NodePort", "from_netdev", POD, Packet.tcp(CLIENT, 50000, ADDRESS, 30080, Body.ACK), 0);
        known(
                "to_netdev: its answer",
                "to_netdev",
                POD,
                Packet.tcp(POD, 8080, CLIENT, 50000, Body.ACK),
                answer.run().mark());
        fresh("from_netdev: new connection to it", "from_netdev", POD, Packet.syn(CLIENT, 1, ADDRESS, 30080), 0);
    }

    private void masquerade() {
        var syn = Packet.syn(POD, 40000, WEB, 443);
        var sent = node.fromPod(syn);
        var out = node.toNetdev(sent.passed(), sent.run().mark()).passed();
        var back = node.fromNetdev(out.answer()).marked(WORLD, false, false);
        node.toPod(back.redirected(), back.run().mark()).passed();
        known(
                "to_netdev: masqueraded",
                "to_netdev",
                POD,
                Packet.tcp(POD, 40000, WEB, 443, Body.ACK),
                sent.run().mark());
    }

    private void known(String subject, String program, String pod, Packet packet, int mark) {
        cases.add(new Case(subject, program, pod, packet, mark, 0));
    }

    private void fresh(String subject, String program, String pod, Packet packet, int mark) {
        cases.add(new Case(subject, program, pod, packet, mark, FIRST_PORT));
    }

    private void measure(RepeatedRun runs, int packets) {
        var first = cases.getFirst();
        sample(COST, "empty program", runs.nanos(runs.empty(), first.packet().frame(), 1, 0, 0, packets));
        for (var one : cases) {
            int nanos = node.nanos(runs, one.program(), one.pod(), one.packet(), one.mark(), one.firstPort(), packets);
            sample(COST, one.subject(), nanos);
            if (one.firstPort() != 0) {
                node.forgetUnanswered();
            }
        }
    }

    private void tellPrograms() throws IOException {
        for (var name : PROGRAMS) {
            int program = node.program(name);
            sample(VERIFIED, name, inFdinfo(program, "verified_insns:"));
            sample(CODE, name, jitedBytes(inFdinfo(program, "prog_id:")));
        }
    }

    private static long jitedBytes(long program) throws IOException {
        var reader = new ProcessBuilder("bpftool", "-j", "prog", "show", "id", Long.toString(program)).start();
        var said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var found = JITED.matcher(said);
        if (!found.find()) {
            throw new IllegalStateException("no jited size of program " + program + " in: " + said);
        }
        return Long.parseLong(found.group(1));
    }

    /** A number of a program's line in fdinfo. */
    private static long inFdinfo(int descriptor, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static void sample(String metric, String subject, long value) {
        System.out.printf(
                Locale.ROOT, "{\"metric\": \"%s\", \"subject\": \"%s\", \"value\": %d}%n", metric, subject, value);
    }
}
