// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceSourcesTest {
    private final List<String> published = new ArrayList<>();
    private final ResourceSources sources = new ResourceSources((upserts, removes) -> published.add(
            upserts.stream().map(resource -> "+" + resource.name().name()).toList()
                    + " "
                    + removes.stream().map(name -> "-" + name.name()).toList()));

    @Test
    void nothingIsToldBeforeAllHaveSpokenAndThenAllAtOnce() {
        var one = sources.add();
        var other = sources.add();
        one.publish(List.of(Resources.cluster("a", 1), Resources.cluster("b", 1)), List.of());
        one.publish(List.of(), List.of(Resources.cluster("b", 1).name()));
        assertThat(published).isEmpty();
        other.publish(List.of(), List.of());
        assertThat(published).containsExactly("[+a] [-b]");
        other.publish(List.of(Resources.cluster("c", 1)), List.of());
        assertThat(published).containsExactly("[+a] [-b]", "[+c] []");
    }
}
