// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.kube.service.FeedSource;
import dev.kumo.kube.service.Problem;
import dev.kumo.kube.service.ProblemLog;
import dev.kumo.lbipam.model.ServiceClaim;
import dev.kumo.lbipam.plan.ServiceInputs;
import dev.kumo.lbipam.plan.ServicePlanner;
import dev.kumo.lbipam.publish.ServiceMapper;
import dev.kumo.stream.StateSnapshot;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The service feed: Services and EndpointSlices in, frontends and backends out; addresses are given on the way. A Service's
 * address is served as its status shows it, so never before its write was seen.
 */
@Singleton
public final class ServiceFeed implements FeedSource {
    private final LbipamTables tables;
    private final AddressAllocation addresses;
    private final ProblemLog problems;
    private final ServicePlanner planner = new ServicePlanner();
    private final ServiceMapper mapper = new ServiceMapper();

    ServiceFeed(LbipamTables tables, AddressAllocation addresses, ProblemLog problems) {
        this.tables = tables;
        this.addresses = addresses;
        this.problems = problems;
    }

    @Override
    public Optional<StateSnapshot> plan() {
        var versions = tables.all().resourceVersions();
        var plan = planner.plan(new ServiceInputs(
                tables.services().rows().values().stream()
                        .map(ServiceClaim::service)
                        .toList(),
                List.copyOf(tables.slices().rows().values())));
        var inServices = plan.problems().stream()
                .map(problem -> new Problem(
                        "Service " + problem.service(), problem.reason().name(), problem.message()));
        problems.report(Stream.concat(inServices, addresses.run().stream()).toList());
        return Optional.of(mapper.snapshot(plan, versions));
    }
}
