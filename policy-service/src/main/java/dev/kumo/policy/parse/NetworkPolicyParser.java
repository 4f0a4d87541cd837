// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.RuleElement;
import dev.kumo.policy.model.rule.RuleProblem;
import dev.kumo.policy.model.rule.Selector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads NetworkPolicy of networking.k8s.io/v1. Stateless. */
public final class NetworkPolicyParser {
    public static final String KIND = "NetworkPolicy";

    private static final SelectorParser PODS = SelectorParser.kubernetes("");
    private static final SelectorParser NAMESPACES = SelectorParser.kubernetes(PeerScope.NAMESPACE_LABELS);

    private final String namespace;
    private final List<RuleElement> elements = new ArrayList<>();

    private NetworkPolicyParser(String namespace) {
        this.namespace = namespace;
    }

    public static ParsedPolicy parse(NetworkPolicy policy) {
        var id = id(policy);
        List<RuleProblem> problems = new ArrayList<>();
        var spec = policy.getSpec();
        List<PolicyRule> rules = spec == null
                ? List.of()
                : new NetworkPolicyParser(id.namespace())
                        .parse(id, spec, new FieldPath("spec", problems)).stream()
                                .toList();
        return new ParsedPolicy(id, rules, problems, List.of());
    }

    public static PolicyId id(NetworkPolicy policy) {
        return new PolicyId(
                KIND, policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }

    /** Empty if it can't be told whom the policy is for. */
    private Optional<PolicyRule> parse(PolicyId id, NetworkPolicySpec spec, FieldPath path) {
        // An absent selector is an empty one: all pods of the namespace.
        var requirements = spec.getPodSelector() == null
                ? List.<Requirement>of()
                : PODS.parse(spec.getPodSelector(), path.field("podSelector"));
        if (!path.problems().isEmpty()) {
            return Optional.empty();
        }
        var egress = spec.getEgress();
        var types = spec.getPolicyTypes();
        boolean untyped = types == null || types.isEmpty();
        boolean forIngress = untyped || types.contains("Ingress");
        boolean forEgress = untyped ? egress != null && !egress.isEmpty() : types.contains("Egress");
        if (forIngress) {
            path.field("ingress")
                    .forEach(
                            spec.getIngress(),
                            (item, rule) -> add(
                                    Direction.INGRESS,
                                    peers(rule.getFrom(), item.field("from")),
                                    ports(rule.getPorts(), item.field("ports"))));
        }
        if (forEgress) {
            path.field("egress")
                    .forEach(
                            egress,
                            (item, rule) -> add(
                                    Direction.EGRESS,
                                    peers(rule.getTo(), item.field("to")),
                                    ports(rule.getPorts(), item.field("ports"))));
        }
        boolean refused = !path.problems().isEmpty();
        return Optional.of(new PolicyRule(
                id,
                0,
                new Selector(requirements).with(List.of(ownNamespace())),
                forIngress,
                forEgress,
                refused ? List.of() : elements));
    }

    private void add(Direction direction, List<Peer> peers, List<PortMatch> ports) {
        elements.add(new RuleElement(direction, false, peers, ports, Optional.empty()));
    }

    private List<Peer> peers(@Nullable List<NetworkPolicyPeer> named, FieldPath path) {
        if (named == null || named.isEmpty()) {
            return List.of(new Peer.Any());
        }
        var peers = new ArrayList<Peer>();
        path.forEach(named, (item, peer) -> peer(peer, item).ifPresent(peers::add));
        return peers;
    }

    private Optional<Peer> peer(NetworkPolicyPeer peer, FieldPath path) {
        var block = peer.getIpBlock();
        if (block != null) {
            if (peer.getPodSelector() != null || peer.getNamespaceSelector() != null) {
                path.field("ipBlock").invalid("cannot be combined with selectors");
            }
            var at = path.field("ipBlock");
            var cidr = CidrParser.parse(block.getCidr(), at.field("cidr"));
            var except = CidrParser.exceptions(block.getExcept(), cidr, at.field("except"));
            return cidr.map(whole -> new Peer.Cidr(whole, except));
        }
        if (peer.getPodSelector() == null && peer.getNamespaceSelector() == null) {
            path.invalid("ipBlock, podSelector or namespaceSelector must be given");
            return Optional.empty();
        }
        var requirements = new ArrayList<Requirement>();
        if (peer.getPodSelector() != null) {
            requirements.addAll(PODS.parse(peer.getPodSelector(), path.field("podSelector")));
        }
        if (peer.getNamespaceSelector() == null) {
            requirements.add(ownNamespace());
        } else {
            requirements.add(Requirement.exists(Requirement.KUBERNETES, PeerScope.NAMESPACE));
            requirements.addAll(NAMESPACES.parse(peer.getNamespaceSelector(), path.field("namespaceSelector")));
        }
        return Optional.of(new Peer.Labels(new Selector(requirements)));
    }

    private static List<PortMatch> ports(@Nullable List<NetworkPolicyPort> named, FieldPath path) {
        if (named == null || named.isEmpty()) {
            return List.of(PortMatch.EVERYTHING);
        }
        var ports = new ArrayList<PortMatch>();
        path.forEach(named, (item, port) -> ports.addAll(KubernetesPorts.parse(port, item)));
        return ports;
    }

    private Requirement ownNamespace() {
        return Requirement.equal(Requirement.KUBERNETES, PeerScope.NAMESPACE, namespace);
    }
}
