// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.model.ServiceView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Computes the service feed from Services and EndpointSlices.
 *
 * <p>A Service with a cluster IP is served; a headless or ExternalName one is not. A fault closes the part that it is
 * in, never more, and never opens anything. The result does not depend on the order of the inputs.
 *
 * <p>Semantics: Kubernetes API reference, Service v1 and EndpointSlice v1; KEP-1672 (terminating endpoints), KEP-2086
 * (internal traffic policy). Stateless; any thread.
 */
public final class ServicePlanner {

    public ServicePlan plan(ServiceInputs inputs) {
        var problems = new ArrayList<ServiceProblem>();
        var services = new TreeMap<ServiceRef, LoadBalancedService>();
        for (ServiceView view : inputs.services()) {
            if (isLoadBalanced(view)) {
                services.put(view.ref(), new ServiceReading(view, problems).service());
            }
        }
        var backends = new TreeMap<BackendKey, Backend>();
        for (EndpointSliceView slice : inputs.slices()) {
            LoadBalancedService service = services.get(slice.service());
            if (service != null) {
                new SliceReading(slice, service, problems).addTo(backends);
            }
        }
        return new ServicePlan(services, backends, problems);
    }

    private static boolean isLoadBalanced(ServiceView view) {
        List<String> addresses = view.clusterIps();
        return !view.type().equals("ExternalName")
                && !addresses.isEmpty()
                && !addresses.getFirst().isEmpty()
                && !addresses.getFirst().equals("None");
    }
}
