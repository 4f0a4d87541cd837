// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.reconcile.Slice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same changes in any order, split or squashed, cut into slices anywhere and with restarts between them, end in the same
 * kernel maps; {@link FakeNode} checks at each write that no reference breaks.
 */
class ServiceSequenceTest {
    private static final int SEEDS = 60;

    private static final String W1 = "{node: w1, addresses: [172.18.0.11]}";
    private static final String W2 = "{node: w2, addresses: [172.18.0.12]}";
    private static final String WEB =
            "{service: shop/web, cluster: [10.96.1.1], ports: [{port: 80, nodePort: 30080}], affinity: 60}";
    private static final String WEB_1 = "{backend: shop/web, at: '10.244.1.5:80', on: w1}";
    private static final String WEB_2 = "{backend: shop/web, at: '10.244.2.5:80', on: w2}";
    private static final String EDGE = "{service: shop/edge, cluster: [10.96.1.2], loadBalancer: [172.18.0.200], ports:"
            + " [{port: 80}], externalPolicy: Local, healthCheckNodePort: 31999, sourceRanges: %s}";
    private static final String EDGE_1 = "{backend: shop/edge, at: '10.244.1.5:80', on: w1}";
    private static final String HOST_PORT = "{pod: shop/web-1, hostPort: 30080, at: 10.244.1.5, containerPort: 80}";

    private static final List<Facts> STATES = List.of(
            Facts.of(),
            Facts.of(W1, WEB, WEB_1),
            Facts.of(W1, W2, WEB, WEB_1, WEB_2),
            Facts.of(W1, W2, WEB, WEB_1.replace("}", ", state: terminating}"), WEB_2, HOST_PORT),
            Facts.of(W1, W2, WEB_1, WEB_2, HOST_PORT, EDGE.formatted("[10.0.0.0/8]"), EDGE_1),
            Facts.of(W1, EDGE.formatted("[10.0.0.0/8, 192.168.0.0/16]"), EDGE_1, WEB, WEB_2),
            Facts.of(W1.replace("11", "21"), W2, EDGE.formatted("[]"), WEB, WEB_1, WEB_2, HOST_PORT));

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> endsInWhatThePlanSaysWhateverTheWay() {
        return IntStream.range(0, SEEDS).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> walk(seed)));
    }

    private void walk(int seed) throws Exception {
        var random = new Random(seed);
        var node = new FakeNode(Files.createTempDirectory(directory, "node"));
        node.sliceBy(() -> Slice.ofSteps(1 + random.nextInt(20)));
        var way = new ArrayList<>(STATES);
        Collections.shuffle(way, random);
        boolean synced = false;
        for (Facts state : way) {
            if (random.nextInt(6) == 0) {
                node.restart();
                synced = false;
            }
            tellInPieces(node, state, random);
            if (!synced && random.nextBoolean()) {
                node.inSync();
                synced = true;
            }
        }
        node.inSync();
        node.apply();
        assertThat(node.served()).isEqualTo(FakeNode.expected(way.getLast()));
        assertThat(Set.copyOf(node.backends.contents().values()))
                .as("backends, of which none is left over")
                .isEqualTo(used(node, way.getLast()));
        assertThat(node.backends.contents().values()).doesNotHaveDuplicates();
    }

    private static void tellInPieces(FakeNode node, Facts state, Random random) {
        List<FakeNode.Step> steps = new ArrayList<>(node.stepsTo(state));
        Collections.shuffle(steps, random);
        int hostPortsAt = random.nextInt(steps.size() + 1);
        for (int next = 0; next <= steps.size(); ) {
            int end = Math.min(steps.size(), next + 1 + random.nextInt(4));
            if (next <= hostPortsAt && hostPortsAt <= end) {
                node.takeHostPorts(state.hostPorts);
            }
            node.tell(steps.subList(next, end));
            if (random.nextBoolean()) {
                node.applyOnce(Slice.ofSteps(random.nextInt(12)));
            }
            next = end == steps.size() ? end + 1 : end;
        }
    }

    private static Set<Backend> used(FakeNode node, Facts facts) {
        var plan = new FrontendPlanner(facts.node()).plan(facts.services, facts.backends, facts.hostPorts);
        var used = new HashSet<>(plan.draining());
        node.sets.forEach((_, number) -> used.add(node.backends.lookup(number).orElseThrow()));
        return used;
    }
}
