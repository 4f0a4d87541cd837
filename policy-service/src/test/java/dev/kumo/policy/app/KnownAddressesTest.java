// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.PodView;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KnownAddressesTest {
    @Test
    void podsOfSilentNodesStandInWithTheAddressInTheirStatus() {
        var pods = List.of(
                pod("silent", "w1", "10.244.0.7", false, false),
                pod("heard", "w2", "10.244.1.7", false, false),
                pod("starting", "w1", "", false, false),
                pod("ended", "w1", "10.244.0.8", false, true),
                pod("host", "w1", "172.18.0.11", true, false));

        assertThat(KnownAddresses.ofSilentNodes(pods, Set.of("w2")))
                .containsExactly(new Claim(
                        "w1",
                        "silent",
                        "shop",
                        "silent",
                        new IPAddressString("10.244.0.7").getAddress(),
                        Claim.ANY_INSTALLED));
    }

    private static PodView pod(String name, String node, String address, boolean hostNetwork, boolean ended) {
        return new PodView(
                name, "shop", name, node, "default", new TreeMap<>(), hostNetwork, ended, address, new TreeSet<>());
    }
}
