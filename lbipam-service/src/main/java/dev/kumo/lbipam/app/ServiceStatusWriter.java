// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.LeaderGate;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.WriteQueue;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.address.Conditions;
import dev.kumo.lbipam.plan.address.ServiceAllocation;
import inet.ipaddr.IPAddress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Writes addresses and our condition into Services' statuses: reads the Service, changes only these, and updates it at that
 * resourceVersion. (Server-side apply would leave an address in place that another manager has written as well; an address
 * must go when it is said to.) Asked on the planning thread, writes on threads of its own.
 */
@Singleton
public final class ServiceStatusWriter {
    private static final Logger LOG = Logger.getLogger(ServiceStatusWriter.class);
    private static final int PARALLELISM = 8;

    private final KubernetesClient client;
    private final LeaderGate leader;
    private final TableSet tables;
    private final Clock clock;
    private final WriteQueue queue;
    private final Unseen<ServiceRef, ServiceAllocation> unseen = new Unseen<>();

    ServiceStatusWriter(
            KubernetesClient client, LeaderGate leader, TableSet tables, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.leader = leader;
        this.tables = tables;
        this.clock = clock;
        this.queue = new WriteQueue("service-statuses", PARALLELISM, metrics);
    }

    /** What may be in Services' statuses without our having seen it. @param seen the resourceVersion of their table */
    SortedMap<ServiceRef, List<IPAddress>> unseen(long seen) {
        unseen.forgetSeen(seen);
        return addresses(unseen);
    }

    /** The addresses last asked for first. */
    static SortedMap<ServiceRef, List<IPAddress>> addresses(Unseen<ServiceRef, ServiceAllocation> unseen) {
        var addresses = new TreeMap<ServiceRef, List<IPAddress>>();
        unseen.asked()
                .forEach((service, asked) -> addresses.put(
                        service,
                        asked.stream()
                                .flatMap(allocation -> allocation.addresses().stream())
                                .distinct()
                                .toList()));
        return addresses;
    }

    /** @param outdated whether the status that was seen says something else */
    void write(ServiceAllocation allocation, boolean outdated) {
        var service = allocation.service();
        if (unseen.isDue(service, allocation, outdated)) {
            unseen.ask(service, allocation);
            queue.submit(service.toString(), () -> {
                unseen.written(service, allocation, update(allocation));
                tables.signal();
            });
        }
    }

    /** Forgets what waits: another replica leads. */
    void cancel() {
        queue.cancelAll();
        unseen.clear();
    }

    @PreDestroy
    void close() {
        queue.close();
    }

    /** @return the resourceVersion at which the status says what was asked */
    private long update(ServiceAllocation allocation) {
        var name = allocation.service();
        var found = client.services()
                .inNamespace(name.namespace())
                .withName(name.name())
                .get();
        if (found == null || !found.getMetadata().getUid().equals(allocation.uid()) || !leader.leading()) {
            return Unseen.GONE;
        }
        var wanted = withStatus(found, allocation);
        if (wanted.equals(found)) {
            return version(found);
        }
        var written = client.resource(wanted).updateStatus();
        LOG.infof(
                "Service %s: addresses %s%s",
                name,
                allocation.ips(),
                allocation
                        .condition()
                        .map(condition -> ", " + condition.reason())
                        .orElse(", no longer ours"));
        return version(written);
    }

    private Service withStatus(Service found, ServiceAllocation allocation) {
        var status = found.getStatus();
        var present = status == null || status.getLoadBalancer() == null
                ? List.<LoadBalancerIngress>of()
                : status.getLoadBalancer().getIngress();
        return new ServiceBuilder(found)
                .editOrNewStatus()
                .editOrNewLoadBalancer()
                .withIngress(ingress(present, allocation))
                .endLoadBalancer()
                .withConditions(ConditionMerge.merge(
                        status == null ? null : status.getConditions(),
                        allocation.condition().stream().toList(),
                        Set.of(Conditions.SATISFIED),
                        clock.instant()))
                .endStatus()
                .build();
    }

    /** Entries that stay are kept whole, with what the API server and others have added to them. */
    private static List<LoadBalancerIngress> ingress(List<LoadBalancerIngress> present, ServiceAllocation allocation) {
        var entries = new ArrayList<LoadBalancerIngress>();
        for (var ip : allocation.ips()) {
            entries.add(present.stream()
                    .filter(entry -> Objects.equals(entry.getIp(), ip))
                    .findFirst()
                    .orElseGet(() -> new LoadBalancerIngressBuilder().withIp(ip).build()));
        }
        return entries;
    }

    private static long version(Service service) {
        return Long.parseLong(service.getMetadata().getResourceVersion());
    }
}
