// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The feeds' certificates as they stand. Certificates are named by their fingerprints.
 *
 * @param authority empty if there is none that can be used
 * @param leaves by service; a service without a usable one is absent
 * @param published what nodes are told to trust
 */
public record TrustState(Optional<Authority> authority, SortedMap<String, Leaf> leaves, Set<String> published) {
    public TrustState {
        leaves = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Leaf>) leaves));
        published = Set.copyOf(published);
    }

    /** @param previous the authority before, which is still trusted; empty if none is */
    public record Authority(String fingerprint, Validity validity, Optional<String> previous) {}

    /** @param issuer fingerprint of the authority that signed it; empty if it is none that we know */
    public record Leaf(Validity validity, String issuer) {}
}
