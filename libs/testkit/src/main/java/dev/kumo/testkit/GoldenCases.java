// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a planner over a folder of golden cases: {@code <folder>/<case>/in.yaml} is planned and must give
 * {@code out.yaml}. The documents of {@code in.yaml} are given in their order and in several shuffled ones; the result
 * must not change.
 *
 * <p>With {@code -Dgolden.update=true} the outputs are written instead of compared. A file that is neither
 * {@code in.yaml}, {@code out.yaml} nor {@code README.md} fails its case.
 */
public final class GoldenCases {
    private static final int SHUFFLES = 5;
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private GoldenCases() {}

    /**
     * One test a case.
     *
     * @param folder holds the cases, such as {@code src/test/resources/ServicePlanner}
     * @param plan from the YAML documents of {@code in.yaml} to the text of {@code out.yaml}
     */
    public static Stream<DynamicTest> in(Path folder, Function<List<String>, String> plan) {
        List<Path> cases = children(folder);
        assertThat(cases).as("cases in %s", folder).isNotEmpty();
        return cases.stream()
                .map(golden -> DynamicTest.dynamicTest(
                        golden.getFileName().toString(), golden.toUri(), () -> check(golden, plan)));
    }

    private static void check(Path golden, Function<List<String>, String> plan) throws IOException {
        assertThat(children(golden).stream().map(file -> file.getFileName().toString()))
                .as("files of case %s", golden)
                .isSubsetOf("in.yaml", "out.yaml", "README.md");
        List<String> documents = documents(Files.readString(golden.resolve("in.yaml")));
        String actual = plan.apply(documents);
        Path expected = golden.resolve("out.yaml");
        if (UPDATE) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).as("plan of %s", golden).isEqualTo(Files.readString(expected));
        for (int seed = 0; seed < SHUFFLES; seed++) {
            var shuffled = new ArrayList<>(documents);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(plan.apply(shuffled))
                    .as("plan of %s with its documents shuffled (seed %d)", golden, seed)
                    .isEqualTo(actual);
        }
    }

    private static List<String> documents(String yaml) {
        return Stream.of(yaml.split("(?m)^---$"))
                .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .toList();
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
