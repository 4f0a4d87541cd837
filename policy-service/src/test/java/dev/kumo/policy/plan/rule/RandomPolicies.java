// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.crd.CidrRule;
import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.DefaultDeny;
import dev.kumo.policy.crd.EgressDenyRule;
import dev.kumo.policy.crd.EgressRule;
import dev.kumo.policy.crd.Entity;
import dev.kumo.policy.crd.HttpRule;
import dev.kumo.policy.crd.IcmpFamily;
import dev.kumo.policy.crd.IcmpField;
import dev.kumo.policy.crd.IcmpRule;
import dev.kumo.policy.crd.IngressDenyRule;
import dev.kumo.policy.crd.IngressRule;
import dev.kumo.policy.crd.L7Rules;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.crd.PortDenyRule;
import dev.kumo.policy.crd.PortProtocol;
import dev.kumo.policy.crd.PortProtocolName;
import dev.kumo.policy.crd.PortRule;
import dev.kumo.policy.crd.Rule;
import dev.kumo.policy.crd.ServiceByName;
import dev.kumo.policy.crd.ServiceBySelector;
import dev.kumo.policy.crd.ServiceReference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Makes valid policies of all kinds from a seed; few labels, ports and blocks, so that they meet. */
final class RandomPolicies {
    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/0",
            "192.0.2.0/24",
            "192.0.2.64/26",
            "192.0.2.77",
            "192.0.0.0/16",
            "198.51.100.0/24",
            "2001:db8::/32",
            "::/0");

    private final Random random;

    RandomPolicies(Random random) {
        this.random = random;
    }

    List<HasMetadata> some() {
        int count = 1 + random.nextInt(4);
        return IntStream.range(0, count).mapToObj(this::policy).toList();
    }

    private HasMetadata policy(int index) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> network("knp-" + index);
            case 2 -> cilium(new CiliumClusterwideNetworkPolicy(), "ccnp-" + index, null);
            default -> cilium(new CiliumNetworkPolicy(), "cnp-" + index, namespace());
        };
    }

    private HasMetadata cilium(PolicyResource policy, String name, String namespace) {
        policy.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        if (random.nextInt(4) > 0) {
            policy.setSpec(rule());
        }
        if (policy.getSpec() == null || random.nextInt(5) == 0) {
            policy.setSpecs(list(1, 2, this::rule));
        }
        return policy;
    }

    private Rule rule() {
        List<IngressRule> ingress = maybe(2, () -> list(0, 2, this::ingress));
        List<IngressDenyRule> ingressDeny = maybe(4, () -> list(0, 2, this::ingressDeny));
        List<EgressRule> egress = maybe(2, () -> list(0, 2, this::egress));
        List<EgressDenyRule> egressDeny = maybe(4, () -> list(1, 2, this::egressDeny));
        if (ingress == null && ingressDeny == null && egress == null && egressDeny == null) {
            ingress = List.of(ingress());
        }
        var defaultDeny = maybe(5, () -> new DefaultDeny(maybe(2, random::nextBoolean), maybe(2, random::nextBoolean)));
        return new Rule(selector(false), null, ingress, ingressDeny, egress, egressDeny, null, defaultDeny, null, null);
    }

    private IngressRule ingress() {
        int peers = random.nextInt(5);
        boolean icmp = random.nextInt(8) == 0;
        return new IngressRule(
                peers == 1 ? list(random.nextInt(9) == 0 ? 0 : 1, 2, () -> selector(true)) : null,
                null,
                peers == 2 ? list(1, 2, () -> pick(BLOCKS)) : null,
                peers == 3 ? list(1, 2, this::cidrRule) : null,
                peers == 4 ? list(1, 2, this::entity) : null,
                null,
                null,
                icmp || random.nextInt(5) == 0 ? null : list(1, 2, this::ports),
                icmp ? List.of(icmp()) : null,
                null);
    }

    private IngressDenyRule ingressDeny() {
        var rule = ingress();
        return new IngressDenyRule(
                rule.fromEndpoints(),
                null,
                rule.fromCIDR(),
                rule.fromCIDRSet(),
                rule.fromEntities(),
                null,
                null,
                deny(rule.toPorts()),
                rule.icmps());
    }

    private EgressRule egress() {
        var rule = ingress();
        boolean services = rule.fromEndpoints() == null
                && rule.fromCIDR() == null
                && rule.fromCIDRSet() == null
                && rule.fromEntities() == null
                && random.nextBoolean();
        return new EgressRule(
                rule.fromEndpoints(),
                null,
                rule.fromCIDR(),
                rule.fromCIDRSet(),
                rule.fromEntities(),
                services ? list(1, 2, this::service) : null,
                null,
                null,
                null,
                rule.toPorts(),
                rule.icmps(),
                null);
    }

    private EgressDenyRule egressDeny() {
        var rule = egress();
        return new EgressDenyRule(
                rule.toEndpoints(),
                null,
                rule.toCIDR(),
                rule.toCIDRSet(),
                rule.toEntities(),
                rule.toServices(),
                null,
                null,
                deny(rule.toPorts()),
                rule.icmps());
    }

    private static List<PortDenyRule> deny(List<PortRule> ports) {
        return ports == null
                ? null
                : ports.stream().map(rule -> new PortDenyRule(rule.ports())).toList();
    }

    private ServiceReference service() {
        return random.nextBoolean()
                ? new ServiceReference(
                        new ServiceByName(pick(List.of("front", "data", "legacy")), pick(List.of("a", "b"))), null)
                : new ServiceReference(
                        null,
                        new ServiceBySelector(
                                new LabelSelectorBuilder()
                                        .addToMatchLabels("kind", pick(List.of("web", "db")))
                                        .build(),
                                maybe(2, this::namespace)));
    }

    private CidrRule cidrRule() {
        return switch (random.nextInt(4)) {
            case 0 -> new CidrRule(null, pick(List.of("office", "partner", "nowhere")), null, null);
            case 1 ->
                new CidrRule(
                        null,
                        null,
                        new LabelSelectorBuilder()
                                .addToMatchLabels("site", "office")
                                .build(),
                        List.of("192.0.2.77/32"));
            default ->
                new CidrRule(
                        pick(List.of("0.0.0.0/0", "192.0.2.0/24", "192.0.0.0/16")),
                        null,
                        null,
                        maybe(
                                2,
                                () -> pick(List.of(
                                        List.of("192.0.2.64/26"), List.of("192.0.2.77/32", "192.0.2.192/26")))));
        };
    }

    private PortRule ports() {
        if (random.nextInt(5) > 1) {
            var port = new PortProtocol(pick(List.of("80", "8080", "http")), null, PortProtocolName.TCP);
            return new PortRule(List.of(port), null, null, null, null, new L7Rules(list(1, 2, this::http), null));
        }
        return new PortRule(list(1, 2, this::port), null, null, null, null, null);
    }

    private PortProtocol port() {
        var protocol = maybe(
                2,
                () -> pick(List.of(
                        PortProtocolName.TCP, PortProtocolName.UDP, PortProtocolName.SCTP, PortProtocolName.ANY)));
        return switch (random.nextInt(5)) {
            case 0 -> new PortProtocol("0", null, protocol);
            case 1 -> new PortProtocol(pick(List.of("http", "dns")), null, protocol);
            case 2 -> new PortProtocol("79", pick(List.of(81, 9000, 65535)), protocol);
            default -> new PortProtocol(pick(List.of("53", "80", "8080", "9090")), null, protocol);
        };
    }

    private HttpRule http() {
        return new HttpRule(
                maybe(2, () -> pick(List.of("/", "/color", "/v[12]/.*"))),
                maybe(2, () -> pick(List.of("GET", "POST"))),
                null,
                maybe(4, () -> List.of("X-Team: blue")),
                null);
    }

    private IcmpRule icmp() {
        return new IcmpRule(List.of(new IcmpField(
                maybe(2, () -> pick(List.of(IcmpFamily.values()))), new IntOrString(pick(List.of(0, 8))))));
    }

    private Entity entity() {
        return pick(List.of(Entity.values()));
    }

    /** @param forPeers may also reach beyond the policy's namespace, and to reserved identities */
    private LabelSelector selector(boolean forPeers) {
        var selector = new LabelSelectorBuilder();
        if (random.nextInt(3) > 0) {
            selector.addToMatchLabels(pick(List.of("app", "k8s:app", "any:app")), pick(List.of("front", "data")));
        }
        if (random.nextInt(3) == 0) {
            boolean valued = random.nextBoolean();
            selector.addNewMatchExpression()
                    .withKey("tier")
                    .withOperator(valued ? pick(List.of("In", "NotIn")) : pick(List.of("Exists", "DoesNotExist")))
                    .withValues(valued ? List.of("web", "db") : null)
                    .endMatchExpression();
        }
        if (forPeers) {
            switch (random.nextInt(8)) {
                case 0 -> selector.addToMatchLabels("k8s:io.kubernetes.pod.namespace", namespace());
                case 1 -> selector.addToMatchLabels("io.kubernetes.pod.namespace", namespace());
                case 2 -> selector.addToMatchLabels("k8s:io.cilium.k8s.namespace.labels.team", "yellow");
                case 3 ->
                    selector.addNewMatchExpression()
                            .withKey("reserved:" + pick(List.of("host", "world", "remote-node")))
                            .withOperator(pick(List.of("Exists", "DoesNotExist")))
                            .endMatchExpression();
                default -> {}
            }
        }
        return selector.build();
    }

    private NetworkPolicy network(String name) {
        var types =
                pick(List.of(List.<String>of(), List.of("Ingress"), List.of("Egress"), List.of("Ingress", "Egress")));
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace())
                .endMetadata()
                .withNewSpec()
                .withPodSelector(plainSelector())
                .withPolicyTypes(types)
                .withIngress(list(
                        0,
                        2,
                        () -> new NetworkPolicyIngressRuleBuilder()
                                .withFrom(list(0, 2, this::networkPeer))
                                .withPorts(list(0, 2, this::networkPort))
                                .build()))
                .withEgress(list(
                        0,
                        2,
                        () -> new NetworkPolicyEgressRuleBuilder()
                                .withTo(list(0, 2, this::networkPeer))
                                .withPorts(list(0, 2, this::networkPort))
                                .build()))
                .endSpec()
                .build();
    }

    private NetworkPolicyPeer networkPeer() {
        var peer = new NetworkPolicyPeerBuilder();
        if (random.nextInt(4) == 0) {
            return peer.withNewIpBlock()
                    .withCidr(pick(List.of("0.0.0.0/0", "192.0.2.0/24")))
                    .withExcept(maybe(2, () -> List.of("192.0.2.64/26")))
                    .endIpBlock()
                    .build();
        }
        boolean spaces = random.nextBoolean();
        if (spaces) {
            peer.withNamespaceSelector(
                    random.nextBoolean()
                            ? new LabelSelector()
                            : new LabelSelectorBuilder()
                                    .addToMatchLabels("team", pick(List.of("blue", "yellow")))
                                    .build());
        }
        if (!spaces || random.nextBoolean()) {
            peer.withPodSelector(plainSelector());
        }
        return peer.build();
    }

    private NetworkPolicyPort networkPort() {
        var port = new NetworkPolicyPortBuilder().withProtocol(maybe(2, () -> pick(List.of("TCP", "UDP", "SCTP"))));
        switch (random.nextInt(4)) {
            case 0 -> port.withPort(new IntOrString(79)).withEndPort(pick(List.of(80, 8100)));
            case 1 -> port.withPort(new IntOrString(pick(List.of("http", "dns"))));
            case 2 -> port.withPort(new IntOrString(pick(List.of(53, 80, 8080))));
            default -> {}
        }
        return port.build();
    }

    private LabelSelector plainSelector() {
        var selector = new LabelSelectorBuilder();
        if (random.nextBoolean()) {
            selector.addToMatchLabels("app", pick(List.of("front", "data")));
        }
        if (random.nextInt(4) == 0) {
            selector.addNewMatchExpression()
                    .withKey("tier")
                    .withOperator(pick(List.of("Exists", "DoesNotExist")))
                    .endMatchExpression();
        }
        return selector.build();
    }

    private String namespace() {
        return pick(List.of("a", "b"));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Null but once in a while. */
    private <T> T maybe(int oneIn, Supplier<T> value) {
        return random.nextInt(oneIn) == 0 ? value.get() : null;
    }

    private <T> List<T> list(int least, int most, Supplier<T> item) {
        return IntStream.range(0, least + random.nextInt(most - least + 1))
                .mapToObj(index -> item.get())
                .toList();
    }
}
