// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.crd;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/** Adds to a generated definition what annotations cannot say: list types, meta/v1 constraints, the schema version. */
final class CrdCustomiser {
    /** The label by which Cilium's tooling tells schema generations apart, and the generation ours answers to. */
    static final Map<String, String> SCHEMA_VERSION = Map.of("io.cilium.k8s.crd.schema.version", "1.33.11");

    private CrdCustomiser() {}

    static CustomResourceDefinition customise(
            CustomResourceDefinition crd, List<? extends Class<? extends HasMetadata>> versions) {
        crd.getMetadata().setLabels(SCHEMA_VERSION);
        for (var version : crd.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            dropVoid(schema, "spec");
            dropVoid(schema, "status");
            customise(schema);
            versions.stream()
                    .filter(type -> HasMetadata.getVersion(type).equals(version.getName()))
                    .forEach(type -> PrinterColumns.inDeclaredOrder(version, type));
        }
        return crd;
    }

    /** The generator writes a spec or status of type Void as an object of any content; the kind has no such field. */
    private static void dropVoid(JSONSchemaProps schema, String name) {
        var property = schema.getProperties().get(name);
        if (property != null
                && (property.getProperties() == null || property.getProperties().isEmpty())) {
            schema.getProperties().remove(name);
        }
    }

    private static void customise(JSONSchemaProps schema) {
        if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields()) && schema.getType() == null) {
            schema.setType("object");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> {
                if (name.equals("conditions")) {
                    keyByType(property);
                }
                customise(property);
            });
            MetaV1Schemas.constrain(schema);
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            customise(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            customise(schema.getAdditionalProperties().getSchema());
        }
    }

    /** Server-side apply merges conditions of several writers by type instead of replacing the whole list. */
    private static void keyByType(JSONSchemaProps conditions) {
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
    }
}
