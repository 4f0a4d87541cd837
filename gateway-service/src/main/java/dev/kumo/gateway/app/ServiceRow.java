// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.read.ServiceReader;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Optional;

/** A Service. @param generated what one of ours says in the fields that we write */
public record ServiceRow(ServiceView view, Optional<Service> generated) {
    static ServiceRow of(Service service) {
        var view = ServiceReader.service(service);
        return new ServiceRow(view, view.madeFor().map(_ -> written(service)));
    }

    private static Service written(Service service) {
        var metadata = service.getMetadata();
        var spec = service.getSpec();
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withLabels(metadata.getLabels())
                .withAnnotations(metadata.getAnnotations())
                .withOwnerReferences(metadata.getOwnerReferences())
                .endMetadata()
                .withNewSpec()
                .withType(spec.getType())
                .withPorts(spec.getPorts())
                .withLoadBalancerClass(spec.getLoadBalancerClass())
                .withExternalTrafficPolicy(spec.getExternalTrafficPolicy())
                .endSpec()
                .build();
    }
}
