// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.ServiceView;
import java.util.List;

/** All Services and EndpointSlices of the cluster, in any order. */
public record ServiceInputs(List<ServiceView> services, List<EndpointSliceView> slices) {
    public ServiceInputs {
        services = List.copyOf(services);
        slices = List.copyOf(slices);
    }
}
