// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.service.v1.Algorithm;
import dev.kumo.contract.service.v1.Backend;
import dev.kumo.contract.service.v1.Protocol;
import dev.kumo.contract.service.v1.Service;
import dev.kumo.contract.service.v1.TrafficPolicy;
import dev.kumo.lbipam.model.ServiceRef;
import dev.kumo.lbipam.plan.BackendKey;
import dev.kumo.lbipam.plan.LoadBalancedService;
import dev.kumo.lbipam.plan.ServicePlan;
import dev.kumo.lbipam.plan.ServicePort;
import dev.kumo.stream.ItemKey;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceMapperTest {
    private static final ServiceRef WEB = new ServiceRef("shop", "web");

    private final ServiceMapper mapper = new ServiceMapper();

    @Test
    void aServiceIsOneEntryWithMappedAddressesAndPrefixes() throws InvalidProtocolBufferException {
        var snapshot = mapper.snapshot(plan(Map.of()), new TreeMap<>(Map.of("services", 7L)));

        var service = Service.parseFrom(
                snapshot.items().get(new ItemKey("services", "shop/web")).value());
        assertThat(HexFormat.of().formatHex(service.getClusterAddresses(0).toByteArray()))
                .isEqualTo("00000000000000000000ffff0a600101");
        assertThat(service.getSourceRanges(0).getPrefixLength()).isEqualTo(104);
        assertThat(HexFormat.of()
                        .formatHex(service.getSourceRanges(0).getAddress().toByteArray()))
                .isEqualTo("00000000000000000000ffff0a000000");
        assertThat(service.getExternalTrafficPolicy()).isEqualTo(TrafficPolicy.TRAFFIC_POLICY_LOCAL);
        assertThat(service.getPorts(0).getNodePort()).isEqualTo(30080);
        assertThat(service.getHealthCheckNodePort()).isEqualTo(32000);
        assertThat(service.getAlgorithm()).isEqualTo(Algorithm.ALGORITHM_RANDOM);
        assertThat(snapshot.resourceVersions()).containsExactly(Map.entry("services", 7L));
    }

    @Test
    void twoPortsThatLeadToTheSameEndpointAreTwoEntries() throws InvalidProtocolBufferException {
        var backend = new dev.kumo.lbipam.plan.Backend("w1", true, true, false);
        var snapshot = mapper.snapshot(
                plan(Map.of(key("http"), backend, key("http-alt"), backend, key(""), backend)), new TreeMap<>());

        assertThat(snapshot.items().keySet())
                .contains(
                        new ItemKey("backends", "shop/web/TCP/8080/10.244.0.7"),
                        new ItemKey("backends", "shop/web/TCP/8080/10.244.0.7/http"),
                        new ItemKey("backends", "shop/web/TCP/8080/10.244.0.7/http-alt"));
        var entry = Backend.parseFrom(snapshot.items()
                .get(new ItemKey("backends", "shop/web/TCP/8080/10.244.0.7/http"))
                .value());
        assertThat(entry.getPortName()).isEqualTo("http");
        assertThat(entry.getProtocol()).isEqualTo(Protocol.PROTOCOL_TCP);
        assertThat(entry.getNode()).isEqualTo("w1");
        assertThat(entry.getReady()).isTrue();
        assertThat(entry.getTerminating()).isFalse();
    }

    private static BackendKey key(String port) {
        return new BackendKey(WEB, port, dev.kumo.lbipam.plan.Protocol.TCP, 8080, address("10.244.0.7"));
    }

    private static ServicePlan plan(Map<BackendKey, dev.kumo.lbipam.plan.Backend> backends) {
        var service = new LoadBalancedService(
                List.of(address("10.96.1.1")),
                List.of(),
                List.of(),
                List.of(new ServicePort("http", dev.kumo.lbipam.plan.Protocol.TCP, 80, 30080)),
                dev.kumo.lbipam.plan.TrafficPolicy.CLUSTER,
                dev.kumo.lbipam.plan.TrafficPolicy.LOCAL,
                32000,
                0,
                List.of(address("10.0.0.0/8")));
        return new ServicePlan(new TreeMap<>(Map.of(WEB, service)), new TreeMap<>(backends), List.of());
    }

    private static IPAddress address(String text) {
        return new IPAddressString(text).getAddress();
    }
}
