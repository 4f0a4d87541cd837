// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.app.LeaseCodec;
import dev.kumo.l2announcer.app.NodeReader;
import dev.kumo.l2announcer.app.PolicyReader;
import dev.kumo.l2announcer.app.ServiceReader;
import dev.kumo.l2announcer.crd.CiliumL2AnnouncementPolicy;
import dev.kumo.l2announcer.model.BackendNodes;
import dev.kumo.l2announcer.model.LeaseView;
import dev.kumo.l2announcer.model.NodeReport;
import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.ServiceView;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a golden case: Kubernetes objects as the service reads them, and of kind {@code Report} what nodes say; a document of
 * kind {@code Unreadable} is a policy that doesn't fit its schema, {@code DeletedLease} a Lease as it was before somebody deleted it.
 */
final class CaseReader {
    private final KubernetesSerialization yaml = new KubernetesSerialization();
    private final List<PolicyView> policies = new ArrayList<>();
    private final TreeMap<String, String> unreadable = new TreeMap<>();
    private final List<ServiceView> services = new ArrayList<>();
    private final List<BackendNodes> backends = new ArrayList<>();
    private final List<NodeView> nodes = new ArrayList<>();
    private final List<NodeReport> reports = new ArrayList<>();
    private final List<LeaseView> leases = new ArrayList<>();
    private final List<LeaseView> lost = new ArrayList<>();

    static AnnouncementInputs read(List<String> documents) {
        var reader = new CaseReader();
        documents.forEach(reader::add);
        return new AnnouncementInputs(
                reader.policies,
                reader.unreadable,
                reader.services,
                reader.backends,
                reader.nodes,
                reader.reports,
                reader.leases,
                reader.lost,
                new TreeMap<>());
    }

    private void add(String document) {
        Object resource = yaml.unmarshal(document);
        switch (resource) {
            case Service service -> services.add(ServiceReader.service(service));
            case EndpointSlice slice -> ServiceReader.backends(slice).ifPresent(backends::add);
            case Node node -> nodes.add(NodeReader.node(node));
            case Lease lease -> LeaseCodec.read(lease).ifPresent(leases::add);
            case CiliumL2AnnouncementPolicy policy -> policies.add(PolicyReader.policy(policy));
            case GenericKubernetesResource other -> other(other);
            default -> throw new IllegalArgumentException("unexpected in a case: " + resource);
        }
    }

    private void other(GenericKubernetesResource resource) {
        var name = resource.getMetadata().getName();
        switch (resource.getKind()) {
            case "Report" -> reports.add(report(resource));
            case "DeletedLease" ->
                LeaseCodec.read(yaml.convertValue(resource, Lease.class)).ifPresent(lost::add);
            case "Unreadable" -> unreadable.put(name, String.valueOf(resource.<Object>get("why")));
            default -> policies.add(PolicyReader.policy(yaml.convertValue(resource, CiliumL2AnnouncementPolicy.class)));
        }
    }

    private static NodeReport report(GenericKubernetesResource resource) {
        var links = new ArrayList<NodeReport.Link>();
        map(resource.get("links"))
                .forEach((name, address) -> links.add(
                        new NodeReport.Link(name, address(address.replace(" down", "")), !address.endsWith(" down"))));
        var held = new TreeMap<IPAddress, Long>();
        map(resource.get("held")).forEach((address, term) -> held.put(address(address), Long.parseLong(term)));
        return new NodeReport(
                resource.getMetadata().getName(), links, !Boolean.FALSE.equals(resource.get("envoyReady")), held);
    }

    private static Map<String, String> map(@Nullable Object yaml) {
        var entries = new TreeMap<String, String>();
        if (yaml instanceof Map<?, ?> map) {
            map.forEach((key, value) -> entries.put(String.valueOf(key), String.valueOf(value)));
        }
        return entries;
    }

    private static IPAddress address(String text) {
        return Objects.requireNonNull(new IPAddressString(text).getAddress(), text);
    }
}
