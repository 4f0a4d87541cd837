// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeViewTest {
    @Test
    void onlyReadyNodesAreWaitedFor() {
        var nodes = List.of(node("w1", true), node("w2", true), node("w3", false));

        assertThat(NodeView.readyNames(nodes)).containsExactlyInAnyOrder("w1", "w2");
        assertThat(NodeView.readyNames(List.of(node("w3", false)))).isEmpty();
    }

    private static NodeView node(String name, boolean ready) {
        return new NodeView(name, List.of(), List.of(), List.of(), ready, false, false);
    }
}
