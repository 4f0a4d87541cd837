// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.publish;

import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.ParsedPolicy;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.RuleElement;
import dev.kumo.policy.model.rule.Selector;
import dev.kumo.policy.plan.PlannedEndpoint;
import dev.kumo.policy.plan.PolicyInputs;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A large cluster: applications, each an identity of many pods, twenty to a namespace; each policy lets one application of the namespace
 * reach another at one port. Mutable.
 */
final class ManyPods {
    private static final int PER_NAMESPACE = 20;
    private static final int FIRST_IDENTITY = 1000;
    private static final int FIRST_PORT = 1024;

    final List<NodeView> nodes = new ArrayList<>();
    final List<PodView> pods = new ArrayList<>();
    private final List<NamespaceView> namespaces = new ArrayList<>();
    private final List<IdentityView> identities = new ArrayList<>();
    private final List<Claim> claims = new ArrayList<>();
    private final List<PolicyView> policies = new ArrayList<>();
    private final int applications;
    private int replaced;

    ManyPods(int nodes, int pods, int applications, int policies) {
        this.applications = applications;
        for (int i = 0; i < nodes; i++) {
            this.nodes.add(new NodeView(
                    "node-" + i,
                    List.of(address("172.16.%d.%d".formatted(i / 250, i % 250 + 1))),
                    List.of(),
                    List.of(new IPAddressString(range(i) + ".0/24").getAddress().toPrefixBlock()),
                    true,
                    false,
                    true));
        }
        for (int i = 0; i <= applications / PER_NAMESPACE; i++) {
            namespaces.add(
                    new NamespaceView("ns-" + i, new TreeMap<>(Map.of("kubernetes.io/metadata.name", "ns-" + i))));
        }
        for (int i = 0; i < pods; i++) {
            this.pods.add(pod("pod-" + i, i));
            claims.add(claim("pod-" + i, i, i / nodes + 2, Claim.ANY_INSTALLED));
        }
        for (int i = 0; i < policies; i++) {
            this.policies.add(policy(i, 1, FIRST_PORT + i % 1000));
        }
        allocateIdentities();
    }

    private void allocateIdentities() {
        var first = new HashMap<SecurityLabels, Integer>();
        new dev.kumo.policy.plan.PolicyPlanner()
                .plan(inputs(new TreeMap<>()))
                .missing()
                .forEach((_, labels) -> first.putIfAbsent(labels, FIRST_IDENTITY + first.size()));
        first.forEach((labels, number) -> identities.add(new IdentityView(number, labels)));
    }

    PolicyInputs inputs(SortedMap<String, PlannedEndpoint> inForce) {
        return new PolicyInputs(nodes, namespaces, pods, identities, claims, inForce);
    }

    List<PolicyView> policies() {
        return List.copyOf(policies);
    }

    /** A pod goes and another of its application comes, on the same node with another address. @return its node */
    String replacePod(int place) {
        var uid = "replaced-" + replaced++;
        pods.set(place, pod(uid, place));
        claims.set(place, claim(uid, place, 120 + replaced % 100, 0));
        return nodes.get(place % nodes.size()).name();
    }

    /** The policy names another port. */
    void editPolicy(int place) {
        long generation = policies.get(place).generation() + 1;
        policies.set(place, policy(place, generation, FIRST_PORT + 2000 + (int) generation));
    }

    private PodView pod(String uid, int place) {
        int application = place % applications;
        return new PodView(
                uid,
                "ns-" + application / PER_NAMESPACE,
                uid,
                nodes.get(place % nodes.size()).name(),
                "default",
                new TreeMap<>(Map.of("app", "app-" + application, "tier", "tier-" + application % 3)),
                false,
                false,
                "",
                new TreeSet<>());
    }

    private Claim claim(String uid, int place, int host, int installed) {
        int application = place % applications;
        int node = place % nodes.size();
        return new Claim(
                nodes.get(node).name(),
                uid,
                "ns-" + application / PER_NAMESPACE,
                uid,
                address(range(node) + "." + host),
                installed);
    }

    private PolicyView policy(int place, long generation, int port) {
        int application = place % applications;
        int namespace = application / PER_NAMESPACE;
        int peer = namespace * PER_NAMESPACE + (application + 1 + place / applications) % PER_NAMESPACE;
        var id = new PolicyId("CiliumNetworkPolicy", "ns-" + namespace, "policy-" + place);
        var element = new RuleElement(
                Direction.INGRESS,
                false,
                List.of(new Peer.Labels(selector(namespace, peer))),
                List.of(new PortMatch.Numbers(6, port, port)),
                Optional.empty());
        var rule = new PolicyRule(id, 0, selector(namespace, application), true, false, List.of(element));
        return new PolicyView(
                new ParsedPolicy(id, List.of(rule), List.of(), List.of()),
                "uid-" + place,
                generation,
                Optional.empty());
    }

    private static Selector selector(int namespace, int application) {
        return Selector.of(
                Requirement.equal(Requirement.KUBERNETES, "io.kubernetes.pod.namespace", "ns-" + namespace),
                Requirement.equal(Requirement.ANY, "app", "app-" + application));
    }

    private static String range(int node) {
        return "10.%d.%d".formatted(node / 256, node % 256);
    }

    private static IPAddress address(String text) {
        return new IPAddressString(text).getAddress();
    }
}
