// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.Authentication;
import dev.kumo.policy.crd.EgressDenyRule;
import dev.kumo.policy.crd.EgressRule;
import dev.kumo.policy.crd.IcmpRule;
import dev.kumo.policy.crd.IngressDenyRule;
import dev.kumo.policy.crd.IngressRule;
import dev.kumo.policy.crd.PortDenyRule;
import dev.kumo.policy.crd.PortRule;
import dev.kumo.policy.model.rule.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The four kinds of elements in one shape. */
record ElementFields(
        Kind kind,
        PeerFields peers,
        @Nullable List<PortRule> ports,
        @Nullable List<IcmpRule> icmps,
        @Nullable Authentication authentication) {
    /** Which list of a rule an element is of. */
    enum Kind {
        INGRESS("ingress", Direction.INGRESS, false),
        INGRESS_DENY("ingressDeny", Direction.INGRESS, true),
        EGRESS("egress", Direction.EGRESS, false),
        EGRESS_DENY("egressDeny", Direction.EGRESS, true);

        private final String field;
        private final Direction direction;
        private final boolean deny;

        Kind(String field, Direction direction, boolean deny) {
            this.field = field;
            this.direction = direction;
            this.deny = deny;
        }

        String field() {
            return field;
        }

        Direction direction() {
            return direction;
        }

        boolean isDeny() {
            return deny;
        }

        /** A field of peers: {@code fromEndpoints} or {@code toEndpoints}. */
        String peerField(String name) {
            return (direction == Direction.INGRESS ? "from" : "to") + name;
        }
    }

    static ElementFields of(IngressRule rule) {
        return new ElementFields(
                Kind.INGRESS, PeerFields.of(rule), rule.toPorts(), rule.icmps(), rule.authentication());
    }

    static ElementFields of(IngressDenyRule rule) {
        return new ElementFields(Kind.INGRESS_DENY, PeerFields.of(rule), ports(rule.toPorts()), rule.icmps(), null);
    }

    static ElementFields of(EgressRule rule) {
        return new ElementFields(Kind.EGRESS, PeerFields.of(rule), rule.toPorts(), rule.icmps(), rule.authentication());
    }

    static ElementFields of(EgressDenyRule rule) {
        return new ElementFields(Kind.EGRESS_DENY, PeerFields.of(rule), ports(rule.toPorts()), rule.icmps(), null);
    }

    boolean hasPorts() {
        return ports != null && !ports.isEmpty();
    }

    boolean hasIcmps() {
        return icmps != null && !icmps.isEmpty();
    }

    private static @Nullable List<PortRule> ports(@Nullable List<PortDenyRule> rules) {
        return rules == null
                ? null
                : rules.stream()
                        .map(rule -> new PortRule(rule.ports(), null, null, null, null, null))
                        .toList();
    }
}
