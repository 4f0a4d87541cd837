// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.CidrRule;
import dev.kumo.policy.crd.EgressDenyRule;
import dev.kumo.policy.crd.EgressRule;
import dev.kumo.policy.crd.Entity;
import dev.kumo.policy.crd.FqdnSelector;
import dev.kumo.policy.crd.IngressDenyRule;
import dev.kumo.policy.crd.IngressRule;
import dev.kumo.policy.crd.PeerGroups;
import dev.kumo.policy.crd.ServiceReference;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The peers of the four kinds of elements in one shape; each list is absent, empty or not, and these differ. */
record PeerFields(
        @Nullable List<LabelSelector> endpoints,
        @Nullable List<LabelSelector> requires,
        @Nullable List<String> cidr,
        @Nullable List<CidrRule> cidrSet,
        @Nullable List<Entity> entities,
        @Nullable List<PeerGroups> groups,
        @Nullable List<LabelSelector> nodes,
        @Nullable List<ServiceReference> services,
        @Nullable List<FqdnSelector> fqdns) {
    static PeerFields of(IngressRule rule) {
        return new PeerFields(
                rule.fromEndpoints(),
                rule.fromRequires(),
                rule.fromCIDR(),
                rule.fromCIDRSet(),
                rule.fromEntities(),
                rule.fromGroups(),
                rule.fromNodes(),
                null,
                null);
    }

    static PeerFields of(IngressDenyRule rule) {
        return new PeerFields(
                rule.fromEndpoints(),
                rule.fromRequires(),
                rule.fromCIDR(),
                rule.fromCIDRSet(),
                rule.fromEntities(),
                rule.fromGroups(),
                rule.fromNodes(),
                null,
                null);
    }

    static PeerFields of(EgressRule rule) {
        return new PeerFields(
                rule.toEndpoints(),
                rule.toRequires(),
                rule.toCIDR(),
                rule.toCIDRSet(),
                rule.toEntities(),
                rule.toGroups(),
                rule.toNodes(),
                rule.toServices(),
                rule.toFQDNs());
    }

    static PeerFields of(EgressDenyRule rule) {
        return new PeerFields(
                rule.toEndpoints(),
                rule.toRequires(),
                rule.toCIDR(),
                rule.toCIDRSet(),
                rule.toEntities(),
                rule.toGroups(),
                rule.toNodes(),
                rule.toServices(),
                null);
    }

    /** Nobody is named: with ports that means everybody. */
    boolean isAbsent() {
        return lists().allMatch(Optional::isEmpty);
    }

    /** A list is there but empty: such an element selects nobody. */
    boolean hasEmptyList() {
        return lists().anyMatch(list -> list.filter(List::isEmpty).isPresent());
    }

    private Stream<Optional<? extends List<?>>> lists() {
        return Stream.of(
                Optional.ofNullable(endpoints),
                Optional.ofNullable(cidr),
                Optional.ofNullable(cidrSet),
                Optional.ofNullable(entities),
                Optional.ofNullable(groups),
                Optional.ofNullable(nodes),
                Optional.ofNullable(services),
                Optional.ofNullable(fqdns));
    }
}
