// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.policy.crd.CiliumCIDRGroup;
import dev.kumo.policy.crd.CiliumClusterwideNetworkPolicy;
import dev.kumo.policy.crd.CiliumNetworkPolicy;
import dev.kumo.policy.crd.PolicyResource;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.PolicyView;
import dev.kumo.policy.model.rule.ServiceView;
import dev.kumo.policy.model.rule.SliceView;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Policies and what they refer to. */
final class RuleTables {
    private final KubeTable<PolicyView> networkPolicies;
    private final KubeTable<PolicyView> namespacedPolicies;
    private final KubeTable<PolicyView> clusterwidePolicies;
    private final KubeTable<RuleReader.GroupRow> cidrGroups;
    private final KubeTable<ServiceView> services;
    private final KubeTable<SliceView> slices;

    RuleTables(TableSet all) {
        this.networkPolicies = all.add(TableSource.all(
                "networkpolicies", NetworkPolicy.class, NetworkPolicy::new, PolicyObjects::networkPolicy));
        this.namespacedPolicies =
                all.add(policies("ciliumnetworkpolicies", CiliumNetworkPolicy.class, "CiliumNetworkPolicy"));
        this.clusterwidePolicies = all.add(policies(
                "ciliumclusterwidenetworkpolicies",
                CiliumClusterwideNetworkPolicy.class,
                "CiliumClusterwideNetworkPolicy"));
        this.cidrGroups = all.add(TableSource.custom("ciliumcidrgroups", CiliumCIDRGroup.class, RuleReader::cidrGroup));
        this.services = all.add(TableSource.all("services", Service.class, Service::new, RuleReader::service));
        this.slices =
                all.add(TableSource.all("endpointslices", EndpointSlice.class, EndpointSlice::new, RuleReader::slice));
    }

    /** Of all kinds. */
    List<PolicyView> policies() {
        return Stream.of(networkPolicies, namespacedPolicies, clusterwidePolicies)
                .flatMap(table -> table.rows().values().stream())
                .toList();
    }

    List<CidrGroupView> cidrGroups() {
        return cidrGroups.rows().values().stream()
                .map(RuleReader.GroupRow::group)
                .toList();
    }

    /** With the addresses of their slices. */
    List<ServiceView> services() {
        Map<String, List<String>> addresses = new HashMap<>();
        slices.rows()
                .values()
                .forEach(slice -> addresses
                        .computeIfAbsent(slice.namespace() + "/" + slice.service(), _ -> new ArrayList<>())
                        .addAll(slice.addresses()));
        return services.rows().entrySet().stream()
                .map(row -> row.getValue()
                        .withAddresses(RuleReader.blocks(addresses.getOrDefault(row.getKey(), List.of()))))
                .toList();
    }

    /** What of them could not be read, but for policies, whose own conditions say so. */
    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        cidrGroups
                .rows()
                .forEach((name, row) -> row.refused()
                        .forEach(member ->
                                problems.add(groupProblem(name, "\"%s\" is not an address block".formatted(member)))));
        cidrGroups.problems().forEach((name, message) -> problems.add(groupProblem(name, message)));
        return problems;
    }

    private static Problem groupProblem(String name, String message) {
        return new Problem("CiliumCIDRGroup " + name, "Invalid", message);
    }

    private static <P extends PolicyResource> TableSource<GenericKubernetesResource, PolicyView> policies(
            String name, Class<P> type, String kind) {
        var undecoded = TableSource.<P, PolicyView>custom(name, type, _ -> null);
        return new TableSource<>(name, undecoded.objects(), undecoded.blank(), PolicyObjects.reader(type, kind));
    }
}
