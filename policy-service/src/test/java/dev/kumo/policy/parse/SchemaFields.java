// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The leaves of a CRD's {@code spec}, such as {@code spec.ingress[].fromCIDR[]}; a map's values are {@code {}}. */
final class SchemaFields {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path FOLDER = Path.of("../k8s/base/crds");

    private SchemaFields() {}

    static List<String> of(String crd) throws IOException {
        var text = Files.readString(FOLDER.resolve(crd));
        var schema = YAML.readTree(text.substring(text.indexOf("---")))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
        var leaves = new ArrayList<String>();
        walk(schema, "spec", leaves);
        return leaves;
    }

    private static void walk(JsonNode schema, String path, List<String> leaves) {
        if (schema.has("properties")) {
            schema.get("properties")
                    .properties()
                    .forEach(property -> walk(property.getValue(), path + "." + property.getKey(), leaves));
        } else if (schema.has("items")) {
            walk(schema.get("items"), path + "[]", leaves);
        } else if (schema.path("additionalProperties").isObject()) {
            leaves.add(path + "{}");
        } else {
            leaves.add(path);
        }
    }

    /** Whether a document sets a leaf. */
    static boolean isSet(String yaml, String leaf) throws IOException {
        return isSet(
                YAML.readTree(yaml),
                List.of(leaf.replace("[]", ".[]").replace("{}", ".{}").split("\\.")));
    }

    private static boolean isSet(JsonNode node, List<String> steps) {
        if (node == null || node.isMissingNode()) {
            return false;
        }
        if (steps.isEmpty()) {
            return true;
        }
        var rest = steps.subList(1, steps.size());
        if (steps.getFirst().equals("[]") || steps.getFirst().equals("{}")) {
            for (var item : node) {
                if (isSet(item, rest)) {
                    return true;
                }
            }
            return false;
        }
        return isSet(node.get(steps.getFirst()), rest);
    }
}
