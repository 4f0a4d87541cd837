// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.lbipam.crd.CiliumLoadBalancerIPPool;
import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.ServiceClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import jakarta.inject.Singleton;

/** What the service watches. Pools whose API isn't installed are none. */
@Singleton
public final class LbipamTables {
    private final TableSet all;
    private final KubeTable<ServiceClaim> services;
    private final KubeTable<EndpointSliceView> slices;
    private final KubeTable<PoolView> pools;

    LbipamTables(TableSet all) {
        this.all = all;
        this.services = all.add(TableSource.all("services", Service.class, Service::new, ServiceReader::claim));
        this.slices = all.add(TableSource.all(
                "endpointslices",
                EndpointSlice.class,
                EndpointSlice::new,
                slice -> ServiceReader.slice(slice).orElse(null)));
        this.pools = all.add(
                TableSource.custom("ciliumloadbalancerippools", CiliumLoadBalancerIPPool.class, PoolReader::pool));
    }

    TableSet all() {
        return all;
    }

    KubeTable<ServiceClaim> services() {
        return services;
    }

    KubeTable<EndpointSliceView> slices() {
        return slices;
    }

    KubeTable<PoolView> pools() {
        return pools;
    }
}
