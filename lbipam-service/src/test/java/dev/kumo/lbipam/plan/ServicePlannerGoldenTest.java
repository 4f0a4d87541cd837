// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.app.ServiceReader;
import dev.kumo.lbipam.model.EndpointSliceView;
import dev.kumo.lbipam.model.ServiceView;
import dev.kumo.testkit.GoldenCases;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ServicePlannerGoldenTest {
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @TestFactory
    Stream<DynamicTest> plans() {
        return GoldenCases.in(Path.of("src/test/resources/ServicePlanner"), this::plan);
    }

    private String plan(List<String> documents) {
        var services = new ArrayList<ServiceView>();
        var slices = new ArrayList<EndpointSliceView>();
        for (String document : documents) {
            Object resource = yaml.unmarshal(document);
            switch (resource) {
                case Service service -> services.add(ServiceReader.service(service));
                case EndpointSlice slice -> ServiceReader.slice(slice).ifPresent(slices::add);
                default -> throw new IllegalArgumentException("unexpected in a case: " + resource);
            }
        }
        return PlanText.of(new ServicePlanner().plan(new ServiceInputs(services, slices)));
    }
}
