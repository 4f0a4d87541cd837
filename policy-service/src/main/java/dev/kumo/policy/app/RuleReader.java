// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.policy.crd.CiliumCIDRGroup;
import dev.kumo.policy.model.SecurityLabels;
import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.CidrGroupView;
import dev.kumo.policy.model.rule.Requirement;
import dev.kumo.policy.model.rule.ServiceView;
import dev.kumo.policy.model.rule.SliceView;
import dev.kumo.policy.parse.CidrParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what rules refer to: Services, their EndpointSlices, CiliumCIDRGroups. Stateless. */
final class RuleReader {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    /** Makes the slices of Services with a selector, whose pods the selector itself tells. */
    private static final String SLICE_CONTROLLER = "endpointslice-controller.k8s.io";

    private RuleReader() {}

    /** @param refused members that are no address blocks */
    record GroupRow(CidrGroupView group, List<String> refused) {}

    /** Without addresses, which come from its slices. */
    static ServiceView service(Service service) {
        var selector = service.getSpec().getSelector();
        return new ServiceView(
                service.getMetadata().getNamespace(),
                service.getMetadata().getName(),
                labels(service.getMetadata()),
                new TreeMap<>(selector == null ? Map.of() : selector),
                new TreeSet<>());
    }

    /** Null for a slice that follows from a selector, and for one that names no Service. */
    static @Nullable SliceView slice(EndpointSlice slice) {
        var labels = slice.getMetadata().getLabels();
        if (labels == null || labels.get(SERVICE_NAME) == null || SLICE_CONTROLLER.equals(labels.get(MANAGED_BY))) {
            return null;
        }
        return new SliceView(
                slice.getMetadata().getNamespace(),
                labels.get(SERVICE_NAME),
                list(slice.getEndpoints()).stream()
                        .flatMap(endpoint -> list(endpoint.getAddresses()).stream())
                        .toList());
    }

    /** A member that is no address block is left out; the others count. */
    static GroupRow cidrGroup(CiliumCIDRGroup group) {
        var spec = group.getSpec();
        var members = spec == null ? List.<String>of() : list(spec.externalCIDRs());
        return new GroupRow(
                new CidrGroupView(group.getMetadata().getName(), labels(group.getMetadata()), blocks(members)),
                members.stream()
                        .filter(text -> CidrParser.parse(text).isEmpty())
                        .toList());
    }

    /** Blocks and addresses; what is neither, such as the host names of an EndpointSlice, is left out. */
    static SortedSet<CidrBlock> blocks(List<String> texts) {
        return texts.stream()
                .flatMap(text -> CidrParser.parse(text).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SecurityLabels labels(ObjectMeta metadata) {
        var labels = new TreeMap<String, String>();
        if (metadata.getLabels() != null) {
            metadata.getLabels().forEach((key, value) -> labels.put(Requirement.KUBERNETES + ":" + key, value));
        }
        return new SecurityLabels(labels);
    }

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }
}
