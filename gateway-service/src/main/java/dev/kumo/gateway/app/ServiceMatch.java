// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a Service says what we want of it; what others have added doesn't matter. Stateless. */
final class ServiceMatch {
    private ServiceMatch() {}

    static boolean covers(@Nullable Service present, Service wanted) {
        if (present == null) {
            return false;
        }
        var is = present.getMetadata();
        var shall = wanted.getMetadata();
        return contains(is.getLabels(), shall.getLabels())
                && contains(is.getAnnotations(), shall.getAnnotations())
                && uids(is.getOwnerReferences()).containsAll(uids(shall.getOwnerReferences()))
                && Objects.equals(present.getSpec().getType(), wanted.getSpec().getType())
                && fits(
                        present.getSpec().getLoadBalancerClass(),
                        wanted.getSpec().getLoadBalancerClass())
                && fits(
                        present.getSpec().getExternalTrafficPolicy(),
                        wanted.getSpec().getExternalTrafficPolicy())
                && ports(present.getSpec().getPorts(), wanted.getSpec().getPorts());
    }

    private static boolean ports(List<ServicePort> present, List<ServicePort> wanted) {
        return present.size() == wanted.size()
                && wanted.stream().allMatch(shall -> present.stream().anyMatch(is -> port(is, shall)));
    }

    private static boolean port(ServicePort is, ServicePort shall) {
        return Objects.equals(is.getName(), shall.getName())
                && Objects.equals(is.getPort(), shall.getPort())
                && Objects.equals(is.getProtocol(), shall.getProtocol())
                && fits(is.getNodePort(), shall.getNodePort());
    }

    private static boolean fits(@Nullable Object is, @Nullable Object shall) {
        return shall == null || shall.equals(is);
    }

    private static boolean contains(@Nullable Map<String, String> is, @Nullable Map<String, String> shall) {
        return shall == null || shall.isEmpty() || is != null && is.entrySet().containsAll(shall.entrySet());
    }

    private static List<String> uids(@Nullable List<OwnerReference> owners) {
        return owners == null
                ? List.of()
                : owners.stream().map(OwnerReference::getUid).toList();
    }
}
