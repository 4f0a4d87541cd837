// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.kumo.contract.envoy.v1.EnvoyResource;
import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.gateway.crd.CiliumClusterwideEnvoyConfig;
import dev.kumo.gateway.crd.CiliumEnvoyConfig;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigConditions;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigInputs;
import dev.kumo.gateway.envoyconfig.plan.EnvoyConfigPlanner;
import dev.kumo.gateway.envoyconfig.plan.FrontendKey;
import dev.kumo.gateway.envoyconfig.plan.PlannedEnvoyConfig;
import dev.kumo.gateway.envoyconfig.plan.Progress;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigReader;
import dev.kumo.gateway.envoyconfig.read.EnvoyConfigRow;
import dev.kumo.gateway.envoyconfig.resource.EnvoyConfigResources;
import dev.kumo.gateway.envoyconfig.resource.EnvoyMessage;
import dev.kumo.gateway.envoyconfig.resource.MessageJson;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import dev.kumo.gateway.publish.EnvoyConfigItems;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.read.ServiceReader;
import dev.kumo.stream.StateItem;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A golden case: objects as in a cluster. A document of kind {@code Claimed} (service, port, by) is a frontend of a Gateway's; one of
 * kind {@code Open} lets clusterwide configurations say what they like. Nodes serve everything.
 */
public final class EnvoyConfigCase {
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
    private static final ObjectMapper YAML = new ObjectMapper(
            new YAMLFactory().enable(YAMLGenerator.Feature.MINIMIZE_QUOTES).disable(YAMLGenerator.Feature.SPLIT_LINES));

    private final Map<ObjectKey, EnvoyConfigRow> rows = new HashMap<>();
    private final List<ServiceView> services = new ArrayList<>();
    private final Map<String, Map<String, String>> nodes = new HashMap<>();
    private final Map<FrontendKey, String> claimed = new HashMap<>();

    public EnvoyConfigCase(List<String> documents) {
        boolean restricted = documents.stream().noneMatch(document -> document.contains("kind: Open"));
        documents.forEach(document -> add(document, restricted));
    }

    private void add(String document, boolean restricted) {
        var resource = KUBERNETES.unmarshal(document, GenericKubernetesResource.class);
        switch (resource.getKind()) {
            case "CiliumEnvoyConfig" ->
                add(EnvoyConfigReader.read(KUBERNETES.unmarshal(document, CiliumEnvoyConfig.class)));
            case "CiliumClusterwideEnvoyConfig" ->
                add(EnvoyConfigReader.read(
                        KUBERNETES.unmarshal(document, CiliumClusterwideEnvoyConfig.class), restricted));
            case "Service" -> services.add(ServiceReader.service(KUBERNETES.unmarshal(document, Service.class)));
            case "Node" ->
                nodes.put(
                        resource.getMetadata().getName(),
                        Objects.requireNonNullElse(resource.getMetadata().getLabels(), Map.of()));
            case "Claimed" ->
                claimed.put(
                        new FrontendKey(
                                new ObjectKey(resource.get("namespace"), resource.get("service")),
                                resource.get("port")),
                        resource.get("by"));
            case "Open" -> {}
            default -> throw new IllegalArgumentException("unexpected in a case: " + resource.getKind());
        }
    }

    private void add(EnvoyConfigRow row) {
        rows.put(row.view().key(), row);
    }

    List<PlannedEnvoyConfig> plan() {
        return new EnvoyConfigPlanner()
                .plan(new EnvoyConfigInputs(
                        rows.values().stream().map(EnvoyConfigRow::view).toList(), services, nodes, claimed));
    }

    /** What Envoy gets of each configuration that is in force. */
    public List<List<EnvoyMessage>> envoy() {
        return plan().stream().map(this::envoy).filter(list -> !list.isEmpty()).toList();
    }

    private List<EnvoyMessage> envoy(PlannedEnvoyConfig planned) {
        return EnvoyConfigResources.of(planned, rows.get(planned.view().key()).messages());
    }

    /** The status of each configuration, then what is published, a document each. */
    public String text() {
        var documents = new ArrayList<Object>();
        var items = new EnvoyItems(new EnvoyItems.Known());
        for (var planned : plan()) {
            var document = new LinkedHashMap<String, Object>();
            document.put("config", planned.view().title());
            document.put("conditions", conditions(planned));
            documents.add(document);
            EnvoyConfigItems.add(planned, rows.get(planned.view().key()).messages(), items);
        }
        items.snapshot(new TreeMap<>()).items().values().forEach(item -> documents.add(document(item)));
        return documents.stream().map(EnvoyConfigCase::yaml).collect(Collectors.joining());
    }

    private static List<Object> conditions(PlannedEnvoyConfig planned) {
        return EnvoyConfigConditions.of(planned, new Progress(Progress.State.SERVED, "every node serves it")).stream()
                .map(condition -> {
                    var document = new LinkedHashMap<String, Object>();
                    document.put("type", condition.type());
                    document.put("status", condition.status());
                    document.put("reason", condition.reason());
                    document.put("message", condition.message());
                    return (Object) document;
                })
                .toList();
    }

    private static Object document(StateItem item) {
        var document = new LinkedHashMap<String, Object>();
        document.put(item.key().table(), item.key().key());
        if (!item.audience().nodes().isEmpty()) {
            document.put("nodes", item.audience().nodes().stream().sorted().toList());
        }
        document.put("value", MessageJson.of(message(item)));
        return document;
    }

    private static Message message(StateItem item) {
        try {
            return item.key().table().equals(EnvoyItems.RESOURCES)
                    ? EnvoyResource.parseFrom(item.value())
                    : Redirect.parseFrom(item.value());
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String yaml(Object document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
