// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.PodView;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stands in for nodes that have not reported since this replica started: the addresses in their pods' status, which the
 * kubelet wrote after the pod's network was there. So nothing of a silent node is withdrawn.
 */
final class KnownAddresses {
    private KnownAddresses() {}

    /** @param heard nodes that have reported all they have */
    static List<Claim> ofSilentNodes(Collection<PodView> pods, Set<String> heard) {
        return pods.stream()
                .filter(PodView::isNetworked)
                .filter(pod -> !pod.ended() && !heard.contains(pod.node()))
                .flatMap(pod -> claim(pod).stream())
                .toList();
    }

    private static Optional<Claim> claim(PodView pod) {
        return PolicyReader.address(pod.address())
                .map(address ->
                        new Claim(pod.node(), pod.uid(), pod.namespace(), pod.name(), address, Claim.ANY_INSTALLED));
    }
}
