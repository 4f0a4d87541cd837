// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Writes {@code target/pairs.jsonl} for the lab's step L3: the cluster, then a line a set of policies. As many sets as property
 * {@code pairs.sets} says.
 */
class LabPairsTest {
    private static final int SETS = Integer.getInteger("pairs.sets", 100);

    @Test
    void everyVerdictIsToBeSeenInTheLab() throws IOException {
        var pairs = new LabPairs();
        var seen = new StringBuilder();
        try (var out = Files.newBufferedWriter(Path.of("target/pairs.jsonl"))) {
            out.write(json(pairs.cluster()));
            for (int seed = 0; seed < SETS; seed++) {
                var set = pairs.set(seed);
                out.write(json(set));
                seen.append(set.get("verdicts"));
            }
        }
        var counts = seen.chars()
                .mapToObj(letter -> (char) letter)
                .collect(Collectors.groupingBy(letter -> letter, Collectors.counting()));
        assertThat(IntStream.of('a', 'f', 'd', 'u').mapToObj(letter -> counts.getOrDefault((char) letter, 0L)))
                .as("each is there often")
                .allMatch(count -> count > 50L);
        assertThat(Files.readAllLines(Path.of("target/pairs.jsonl"))).hasSize(SETS + 1);
    }

    private static String json(Map<String, Object> value) {
        return Serialization.asJson(value).lines().map(String::strip).collect(Collectors.joining()) + "\n";
    }
}
