// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.HolderList;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.ServiceView;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the addresses that policies name, Service by Service. Refusals are collected on the way. */
final class CoveragePlanner {
    /** The class of Services that only L2 announcement makes reachable; an unset class may be, too. */
    private static final String CLASS = "io.cilium/l2-announcer";

    private final List<Policy> policies;
    private final boolean somePolicyUnreadable;
    private final Set<IPAddress> nodeAddresses;
    private final List<AnnouncementProblem> problems;

    CoveragePlanner(
            List<Policy> policies,
            boolean somePolicyUnreadable,
            Set<IPAddress> nodeAddresses,
            List<AnnouncementProblem> problems) {
        this.policies = policies;
        this.somePolicyUnreadable = somePolicyUnreadable;
        this.nodeAddresses = nodeAddresses;
        this.problems = problems;
    }

    /** @param lease the Service's own; null if it has none. @return empty if no policy names an address of the Service */
    Optional<Coverage> coverage(ServiceView service, @Nullable LeaseView lease) {
        if (!service.loadBalancerClass().isEmpty()
                && !service.loadBalancerClass().equals(CLASS)) {
            return Optional.empty();
        }
        var naming = policies.stream()
                .filter(policy -> policy.isFollowed() && policy.mayMean(service))
                .filter(policy -> !named(policy, service).isEmpty())
                .toList();
        var addresses = new TreeMap<IPAddress, List<Policy>>();
        naming.forEach(policy -> named(policy, service).forEach(ip -> add(service, ip, policy, addresses)));
        boolean foreign = lease != null && lease.foreign();
        var kept = foreign ? Set.<IPAddress>of() : heldForFaultyPolicies(service, lease);
        boolean stays = foreign || !addresses.keySet().containsAll(kept);
        kept.forEach(address -> addresses.putIfAbsent(address, List.of()));
        return addresses.isEmpty() && naming.isEmpty()
                ? Optional.empty()
                : Optional.of(new Coverage(service, addresses, naming, stays));
    }

    /** What the Service's Lease names and a policy that can't be followed may mean. */
    private Set<IPAddress> heldForFaultyPolicies(ServiceView service, @Nullable LeaseView lease) {
        if (lease == null || lease.assignment().isEmpty() || !mayBeMeantByFaulty(service)) {
            return Set.of();
        }
        var own = addresses(service);
        return lease.assignment().get().lists().stream()
                .map(HolderList::address)
                .filter(own::contains)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean mayBeMeantByFaulty(ServiceView service) {
        return somePolicyUnreadable
                || policies.stream().anyMatch(policy -> !policy.isFollowed() && policy.mayMean(service));
    }

    private void add(ServiceView service, String ip, Policy policy, SortedMap<IPAddress, List<Policy>> addresses) {
        var address = new IPAddressString(ip).getAddress();
        if (address == null || !address.isIPv4()) {
            refuse(
                    service,
                    AnnouncementReason.ADDRESS_FAMILY_NOT_SERVED,
                    "%s: nodes answer for IPv4 addresses only".formatted(ip));
        } else if (nodeAddresses.contains(address)) {
            refuse(service, AnnouncementReason.NODE_ADDRESS, "%s is a node's own address".formatted(ip));
        } else {
            addresses.computeIfAbsent(address, _ -> new ArrayList<>()).add(policy);
        }
    }

    private void refuse(ServiceView service, AnnouncementReason reason, String message) {
        var problem = new AnnouncementProblem("Service " + service.ref(), reason, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private static List<String> named(Policy policy, ServiceView service) {
        var named = new ArrayList<String>();
        if (policy.view().loadBalancerIps()) {
            named.addAll(service.loadBalancerIps());
        }
        if (policy.view().externalIps()) {
            named.addAll(service.externalIps());
        }
        return named.stream().distinct().toList();
    }

    private static Set<IPAddress> addresses(ServiceView service) {
        return Stream.of(service.loadBalancerIps(), service.externalIps())
                .flatMap(List::stream)
                .map(ip -> new IPAddressString(ip).getAddress())
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
