// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.KubeTable;
import dev.kumo.kube.TableSet;
import dev.kumo.kube.TableSource;
import dev.kumo.kube.service.FeedSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.ServiceView;
import dev.kumo.lbipam.plan.ServiceInputs;
import dev.kumo.lbipam.plan.ServicePlanner;
import dev.kumo.lbipam.publish.ServiceMapper;
import dev.kumo.stream.StateSnapshot;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The service feed: Services and EndpointSlices in, frontends and backends out. Any replica serves; nothing is written. */
@Singleton
public final class ServiceFeed implements FeedSource {
    private final TableSet tables;
    private final KubeTable<ServiceView> services;
    private final KubeTable<EndpointSliceView> slices;
    private final ProblemLog problems;
    private final ServicePlanner planner = new ServicePlanner();
    private final ServiceMapper mapper = new ServiceMapper();

    ServiceFeed(TableSet tables, ProblemLog problems) {
        this.tables = tables;
        this.problems = problems;
        this.services = tables.add(TableSource.all("services", Service.class, Service::new, ServiceReader::service));
        this.slices = tables.add(TableSource.all(
                "endpointslices",
                EndpointSlice.class,
                EndpointSlice::new,
                slice -> ServiceReader.slice(slice).orElse(null)));
    }

    @Override
    public Optional<StateSnapshot> plan() {
        var versions = tables.resourceVersions();
        var plan = planner.plan(new ServiceInputs(
                List.copyOf(services.rows().values()), List.copyOf(slices.rows().values())));
        problems.report(plan.problems().stream()
                .map(problem -> new Problem(
                        "Service " + problem.service(), problem.reason().name(), problem.message()))
                .toList());
        return Optional.of(mapper.snapshot(plan, versions));
    }
}
