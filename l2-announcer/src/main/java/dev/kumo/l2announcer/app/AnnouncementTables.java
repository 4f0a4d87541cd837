// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.app;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.kube.service.ControlConfig;
import dev.kumo.l2announcer.crd.CiliumL2AnnouncementPolicy;
import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.ServiceView;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import jakarta.inject.Singleton;

/** What the service watches. Policies whose API isn't installed are none. */
@Singleton
public final class AnnouncementTables {
    private final TableSet all;
    private final KubeTable<ServiceView> services;
    private final KubeTable<BackendNodes> backends;
    private final KubeTable<NodeView> nodes;
    private final KubeTable<PolicyView> policies;
    private final KubeTable<LeaseView> leases;

    AnnouncementTables(TableSet all, ControlConfig config) {
        this.all = all;
        this.services = all.add(TableSource.all("services", Service.class, Service::new, ServiceReader::service));
        this.backends = all.add(TableSource.all(
                "endpointslices",
                EndpointSlice.class,
                EndpointSlice::new,
                slice -> ServiceReader.backends(slice).orElse(null)));
        this.nodes = all.add(TableSource.all("nodes", Node.class, Node::new, NodeReader::node));
        this.policies = all.add(TableSource.custom(
                "ciliuml2announcementpolicies", CiliumL2AnnouncementPolicy.class, PolicyReader::policy));
        this.leases = all.add(TableSource.inNamespace(
                "leases",
                config.namespace(),
                Lease.class,
                Lease::new,
                lease -> LeaseCodec.read(lease).orElse(null)));
    }

    TableSet all() {
        return all;
    }

    KubeTable<ServiceView> services() {
        return services;
    }

    KubeTable<BackendNodes> backends() {
        return backends;
    }

    KubeTable<NodeView> nodes() {
        return nodes;
    }

    KubeTable<PolicyView> policies() {
        return policies;
    }

    KubeTable<LeaseView> leases() {
        return leases;
    }
}
