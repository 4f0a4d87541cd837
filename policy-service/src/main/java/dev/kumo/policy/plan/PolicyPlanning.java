// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

import dev.kumo.policy.model.Claim;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.plan.PolicyProblem.Reason;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One run of the planner. */
final class PolicyPlanning {
    private final PolicyInputs inputs;
    private final SortedMap<String, NodeView> nodes = new TreeMap<>();
    private final Map<String, PodView> pods;
    private final Map<String, NamespaceView> namespaces;
    private final IdentityNumbers numbers;
    private final SortedMap<String, PlannedEndpoint> endpoints = new TreeMap<>();
    private final Map<IPAddress, String> owners = new HashMap<>();
    private final List<PolicyProblem> problems = new ArrayList<>();
    private final Map<Template, SecurityLabels> labels = new HashMap<>();

    /** What pods of one identity have in common. */
    private record Template(String namespace, String serviceAccount, SortedMap<String, String> labels) {}

    PolicyPlanning(PolicyInputs inputs) {
        this.inputs = inputs;
        inputs.nodes().forEach(node -> nodes.put(node.name(), node));
        this.pods = inputs.pods().stream().collect(Collectors.toMap(PodView::uid, Function.identity()));
        this.namespaces =
                inputs.namespaces().stream().collect(Collectors.toMap(NamespaceView::name, Function.identity()));
        this.numbers = new IdentityNumbers(inputs.identities());
    }

    PolicyPlan plan() {
        var needed = neededLabels();
        inputs.claims().stream().sorted().forEach(this::addEndpoint);
        for (var labels : needed) {
            if (numbers.allocated(labels).isEmpty() && !numbers.propose(labels)) {
                problems.add(new PolicyProblem(
                        "identity " + labels, Reason.IDENTITIES_EXHAUSTED, "no number is free for these labels"));
            }
        }
        var used = usedNumbers(needed);
        var unused = inputs.identities().stream()
                .map(IdentityView::number)
                .filter(number -> !used.contains(number))
                .collect(Collectors.toCollection(TreeSet::new));
        return new PolicyPlan(nodes, identities(), endpoints, numbers.proposed(), unused, problems);
    }

    /** Of every pod that runs or is still reported; sorted, so that probing meets them in the same order everywhere. */
    private SortedSet<SecurityLabels> neededLabels() {
        var claimed = inputs.claims().stream().map(Claim::podUid).collect(Collectors.toSet());
        return inputs.pods().stream()
                .filter(PodView::isNetworked)
                .filter(pod -> !pod.ended() || claimed.contains(pod.uid()))
                .flatMap(pod -> labels(pod).stream())
                .distinct()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Empty until the pod's namespace is known. */
    private Optional<SecurityLabels> labels(PodView pod) {
        return Optional.ofNullable(namespaces.get(pod.namespace()))
                .map(namespace -> labels.computeIfAbsent(
                        new Template(pod.namespace(), pod.serviceAccount(), pod.labels()),
                        _ -> IdentityLabels.of(pod, namespace)));
    }

    private void addEndpoint(Claim claim) {
        var node = nodes.get(claim.node());
        var pod = pods.get(claim.podUid());
        if (node == null || !node.ownsAddress(claim.address())) {
            refuse(
                    claim,
                    Reason.ADDRESS_OUTSIDE_RANGE,
                    "%s is not of node %s".formatted(claim.address(), claim.node()));
        } else if (pod != null && !pod.mayRunOn(claim.node())) {
            refuse(claim, Reason.FOREIGN_POD, "reported by node %s".formatted(claim.node()));
        } else {
            identity(claim, Optional.ofNullable(pod)).ifPresent(identity -> addEndpoint(claim, identity));
        }
    }

    private void addEndpoint(Claim claim, IdentityView identity) {
        var owner = owners.putIfAbsent(claim.address(), claim.podUid());
        if (owner != null || endpoints.containsKey(claim.podUid())) {
            refuse(claim, Reason.ADDRESS_CONFLICT, "%s is pod %s's already".formatted(claim.address(), owner));
            return;
        }
        endpoints.put(
                claim.podUid(),
                new PlannedEndpoint(
                        claim.podUid(),
                        claim.namespace(),
                        claim.pod(),
                        claim.node(),
                        claim.address(),
                        identity.number(),
                        identity.labels(),
                        claim.hasInstalled(identity.number())));
    }

    /** The identity of what is reported; empty while there is none. */
    private Optional<IdentityView> identity(Claim claim, Optional<PodView> pod) {
        var own = pod.filter(PodView::isNetworked).flatMap(this::labels);
        var allocated = own.map(numbers::allocated);
        if (own.isPresent() && allocated.isPresent() && allocated.get().isPresent()) {
            return Optional.of(new IdentityView(allocated.get().getAsInt(), own.get()));
        }
        return Optional.ofNullable(inputs.inForce().get(claim.podUid()))
                .filter(before -> before.node().equals(claim.node()))
                .map(before -> new IdentityView(before.identity(), before.labels()))
                .filter(before -> isOwnNumber(before));
    }

    /** A number whose object was deleted meanwhile must not have become another's. */
    private boolean isOwnNumber(IdentityView before) {
        var owner = numbers.owner(before.number());
        return owner == null || owner.equals(before.labels());
    }

    private Set<Integer> usedNumbers(Set<SecurityLabels> needed) {
        var used = new HashSet<Integer>();
        needed.forEach(labels -> numbers.allocated(labels).ifPresent(used::add));
        endpoints.values().forEach(endpoint -> used.add(endpoint.identity()));
        return used;
    }

    private SortedMap<Integer, SecurityLabels> identities() {
        var identities = new TreeMap<Integer, SecurityLabels>();
        endpoints.values().forEach(endpoint -> identities.put(endpoint.identity(), endpoint.labels()));
        inputs.identities().forEach(identity -> identities.put(identity.number(), identity.labels()));
        return identities;
    }

    private void refuse(Claim claim, Reason reason, String message) {
        problems.add(new PolicyProblem(
                "Pod %s/%s (%s)".formatted(claim.namespace(), claim.pod(), claim.podUid()), reason, message));
    }
}
