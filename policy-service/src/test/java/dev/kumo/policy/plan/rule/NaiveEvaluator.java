// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import static dev.kumo.policy.plan.rule.NaiveLists.items;
import static dev.kumo.policy.plan.rule.NaiveLists.size;

import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.EgressDenyRule;
import dev.kumo.policy.crd.EgressRule;
import dev.kumo.policy.crd.IcmpRule;
import dev.kumo.policy.crd.IngressDenyRule;
import dev.kumo.policy.crd.IngressRule;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.crd.PortDenyRule;
import dev.kumo.policy.crd.PortRule;
import dev.kumo.policy.crd.Rule;
import dev.kumo.policy.model.rule.Direction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges one flow straight from the objects, one rule after the other, as their documentation tells it. Shares nothing with
 * parser and planner but the objects' types.
 */
final class NaiveEvaluator {
    static final String NAMESPACE = "io.kubernetes.pod.namespace";
    static final String NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

    /** A flow, seen from the endpoint that policies select. */
    record Flow(World.Party.Pod subject, Direction direction, World.Party peer, int protocol, int port) {}

    private final List<? extends HasMetadata> policies;

    NaiveEvaluator(List<? extends HasMetadata> policies) {
        this.policies = policies;
    }

    private final class Judgement {
        private final Flow flow;
        private boolean defaultDeny;
        private boolean denied;
        private boolean allowed;
        private boolean filtered;
        private final Set<String> requests = new TreeSet<>();

        Judgement(Flow flow) {
            this.flow = flow;
        }

        Decision decision() {
            if (denied) {
                return Decision.DENY;
            }
            if (allowed) {
                return Decision.ALLOW;
            }
            if (filtered) {
                return Decision.filter(requests);
            }
            return defaultDeny ? Decision.DENY : Decision.ALLOW;
        }
    }

    Decision decide(Flow flow) {
        var judgement = new Judgement(flow);
        for (var policy : policies) {
            switch (policy) {
                case NetworkPolicy network -> judge(network, judgement);
                case PolicyResource cilium -> {
                    var namespace = cilium instanceof CiliumNetworkPolicy
                            ? cilium.getMetadata().getNamespace()
                            : "";
                    if (cilium.getSpec() != null) {
                        judge(cilium.getSpec(), namespace, judgement);
                    }
                    if (cilium.getSpecs() != null) {
                        cilium.getSpecs().forEach(rule -> judge(rule, namespace, judgement));
                    }
                }
                default -> throw new AssertionError(policy);
            }
        }
        return judgement.decision();
    }

    // NetworkPolicy

    private static void judge(NetworkPolicy policy, Judgement judgement) {
        var flow = judgement.flow;
        var spec = policy.getSpec();
        var namespace = policy.getMetadata().getNamespace();
        if (!flow.subject().namespace().equals(namespace)
                || !NaiveLabels.selects(spec.getPodSelector(), flow.subject(), "k8s:", "")) {
            return;
        }
        boolean ingress = flow.direction() == Direction.INGRESS;
        var types = spec.getPolicyTypes();
        boolean applies = types != null && !types.isEmpty()
                ? types.contains(ingress ? "Ingress" : "Egress")
                : ingress || (spec.getEgress() != null && !spec.getEgress().isEmpty());
        if (!applies) {
            return;
        }
        judgement.defaultDeny = true;
        if (ingress) {
            spec.getIngress().stream()
                    .filter(rule -> names(rule.getFrom(), namespace, flow) && NaivePorts.reaches(rule.getPorts(), flow))
                    .forEach(rule -> judgement.allowed = true);
        } else {
            spec.getEgress().stream()
                    .filter(rule -> names(rule.getTo(), namespace, flow) && NaivePorts.reaches(rule.getPorts(), flow))
                    .forEach(rule -> judgement.allowed = true);
        }
    }

    private static boolean names(List<NetworkPolicyPeer> peers, String namespace, Flow flow) {
        if (peers == null || peers.isEmpty()) {
            return true;
        }
        for (var peer : peers) {
            if (peer.getIpBlock() != null) {
                if (NaivePeers.inBlock(
                        flow.peer(),
                        peer.getIpBlock().getCidr(),
                        peer.getIpBlock().getExcept())) {
                    return true;
                }
            } else if (flow.peer() instanceof World.Party.Pod pod) {
                boolean right = peer.getNamespaceSelector() == null
                        ? pod.namespace().equals(namespace)
                        : NaiveLabels.selects(peer.getNamespaceSelector(), pod, "k8s:", NAMESPACE_LABELS);
                if (right
                        && (peer.getPodSelector() == null
                                || NaiveLabels.selects(peer.getPodSelector(), pod, "k8s:", ""))) {
                    return true;
                }
            }
        }
        return false;
    }

    // Cilium's kinds

    private void judge(Rule rule, String namespace, Judgement judgement) {
        var flow = judgement.flow;
        boolean own = namespace.isEmpty() || flow.subject().namespace().equals(namespace);
        if (!own || !NaiveLabels.selects(rule.endpointSelector(), flow.subject(), "", "")) {
            return;
        }
        if (flow.direction() == Direction.INGRESS) {
            int elements = size(rule.ingress()) + size(rule.ingressDeny());
            var chosen = rule.enableDefaultDeny() == null
                    ? null
                    : rule.enableDefaultDeny().ingress();
            judgement.defaultDeny |= chosen == null ? elements > 0 : chosen;
            items(rule.ingress()).forEach(element -> allow(element, namespace, judgement));
            items(rule.ingressDeny()).forEach(element -> deny(element, namespace, judgement));
        } else {
            int elements = size(rule.egress()) + size(rule.egressDeny());
            var chosen = rule.enableDefaultDeny() == null
                    ? null
                    : rule.enableDefaultDeny().egress();
            judgement.defaultDeny |= chosen == null ? elements > 0 : chosen;
            items(rule.egress()).forEach(element -> allow(element, namespace, judgement));
            items(rule.egressDeny()).forEach(element -> deny(element, namespace, judgement));
        }
    }

    private static void allow(IngressRule rule, String namespace, Judgement judgement) {
        var peers = new NaivePeers(
                rule.fromEndpoints(), rule.fromCIDR(), rule.fromCIDRSet(), rule.fromEntities(), null, namespace);
        allow(peers, rule.toPorts(), rule.icmps(), judgement);
    }

    private static void allow(EgressRule rule, String namespace, Judgement judgement) {
        var peers = new NaivePeers(
                rule.toEndpoints(), rule.toCIDR(), rule.toCIDRSet(), rule.toEntities(), rule.toServices(), namespace);
        allow(peers, rule.toPorts(), rule.icmps(), judgement);
    }

    private static void allow(NaivePeers peers, List<PortRule> ports, List<IcmpRule> icmps, Judgement judgement) {
        boolean open = size(ports) + size(icmps) == 0;
        if (!peers.contain(judgement.flow, !open)) {
            return;
        }
        judgement.allowed |= open || NaivePorts.reachesIcmp(icmps, judgement.flow);
        for (var port : items(ports)) {
            if (!NaivePorts.reachesPort(port.ports(), judgement.flow)) {
                continue;
            }
            if (port.rules() == null || port.rules().http() == null) {
                judgement.allowed = true;
            } else {
                judgement.filtered = true;
                port.rules()
                        .http()
                        .forEach(http -> judgement.requests.add("%s %s %s"
                                .formatted(
                                        http.method() == null ? "" : http.method(),
                                        http.path() == null ? "" : http.path(),
                                        items(http.headers()))));
            }
        }
    }

    private static void deny(IngressDenyRule rule, String namespace, Judgement judgement) {
        var peers = new NaivePeers(
                rule.fromEndpoints(), rule.fromCIDR(), rule.fromCIDRSet(), rule.fromEntities(), null, namespace);
        deny(peers, rule.toPorts(), rule.icmps(), judgement);
    }

    private static void deny(EgressDenyRule rule, String namespace, Judgement judgement) {
        var peers = new NaivePeers(
                rule.toEndpoints(), rule.toCIDR(), rule.toCIDRSet(), rule.toEntities(), rule.toServices(), namespace);
        deny(peers, rule.toPorts(), rule.icmps(), judgement);
    }

    private static void deny(NaivePeers peers, List<PortDenyRule> ports, List<IcmpRule> icmps, Judgement judgement) {
        boolean open = size(ports) + size(icmps) == 0;
        if (peers.contain(judgement.flow, !open)) {
            judgement.denied |= open
                    || NaivePorts.reachesIcmp(icmps, judgement.flow)
                    || items(ports).stream().anyMatch(port -> NaivePorts.reachesPort(port.ports(), judgement.flow));
        }
    }
}
