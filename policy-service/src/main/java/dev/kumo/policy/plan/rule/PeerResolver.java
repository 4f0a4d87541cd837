// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.ReservedIdentity;
import dev.kumo.policy.model.rule.Selector;
import dev.kumo.policy.model.rule.ServiceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Turns peers as rules name them into identities and blocks. One planning run; each selector is evaluated once. */
final class PeerResolver {
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";

    private final LabelIndex identities;
    private final List<ServiceView> services;
    private final List<CidrGroupView> cidrGroups;
    private final Map<Selector, SortedSet<Integer>> selected = new HashMap<>();

    PeerResolver(RuleInputs inputs) {
        this.identities = new LabelIndex(ReservedIdentity.and(inputs.identities()));
        this.services = inputs.services();
        this.cidrGroups = inputs.cidrGroups();
    }

    PeerSet resolve(List<Peer> peers) {
        var found = new TreeSet<Integer>();
        var blocks = new ArrayList<Peer.Cidr>();
        boolean any = false;
        for (var peer : peers) {
            switch (peer) {
                case Peer.Any everybody -> any = true;
                case Peer.Labels labels -> found.addAll(select(labels.selector()));
                case Peer.Cidr cidr -> blocks.add(cidr);
                case Peer.CidrGroup named -> groups(group -> group.name().equals(named.name()), named.except(), blocks);
                case Peer.CidrGroups chosen ->
                    groups(group -> chosen.selector().matches(group.labels()), chosen.except(), blocks);
                case Peer.Service named ->
                    services(
                            service -> service.namespace().equals(named.namespace())
                                    && service.name().equals(named.name()),
                            found,
                            blocks);
                case Peer.Services chosen ->
                    services(
                            service -> chosen.namespace()
                                            .map(service.namespace()::equals)
                                            .orElse(true)
                                    && chosen.selector().matches(service.labels()),
                            found,
                            blocks);
            }
        }
        if (found.contains(ReservedIdentity.KUBE_APISERVER.number())) {
            services(PeerResolver::isApiServer, found, blocks);
        }
        return new PeerSet(any, found, blocks.stream().distinct().toList());
    }

    /** API servers outside the cluster's nodes have no identity of their own: the Service tells their addresses. */
    private static boolean isApiServer(ServiceView service) {
        return service.namespace().equals("default") && service.name().equals("kubernetes");
    }

    private SortedSet<Integer> select(Selector selector) {
        return selected.computeIfAbsent(selector, identities::select);
    }

    private void groups(Predicate<CidrGroupView> chosen, SortedSet<CidrBlock> except, Collection<Peer.Cidr> blocks) {
        cidrGroups.stream()
                .filter(chosen)
                .flatMap(group -> group.blocks().stream())
                .forEach(block -> blocks.add(new Peer.Cidr(block, except)));
    }

    /** Pods where the Service selects them, else the addresses that someone wrote into its EndpointSlices. */
    private void services(Predicate<ServiceView> chosen, Collection<Integer> found, Collection<Peer.Cidr> blocks) {
        services.stream().filter(chosen).forEach(service -> {
            if (service.podSelector().isEmpty()) {
                service.addresses().forEach(address -> blocks.add(new Peer.Cidr(address, new TreeSet<>())));
            } else {
                found.addAll(select(pods(service)));
            }
        });
    }

    private static Selector pods(ServiceView service) {
        var requirements = new ArrayList<Requirement>();
        requirements.add(Requirement.equal(Requirement.KUBERNETES, NAMESPACE, service.namespace()));
        service.podSelector()
                .forEach((key, value) -> requirements.add(Requirement.equal(Requirement.KUBERNETES, key, value)));
        return new Selector(requirements);
    }
}
