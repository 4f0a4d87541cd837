// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The allocation of one numeric identity to one set of security labels. The object's name is the number; the labels
 * carry their source ({@code k8s:app}). Neither spec nor status: the object as a whole is the allocation.
 */
@Group("cilium.io")
@Version("v2")
@Plural("ciliumidentities")
@ShortNames("ciliumid")
@Categories("cilium")
@AdditionalPrinterColumn(name = "Namespace", jsonPath = ".metadata.labels.io\\.kubernetes\\.pod\\.namespace")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumIdentity extends CustomResource<Void, Void> {
    @JsonProperty("security-labels")
    @JsonPropertyDescription("Every label that makes up the identity, by its source-qualified key")
    @Required
    private Map<String, String> securityLabels = Map.of();

    /** The labels, sorted by key; never null. */
    public Map<String, String> getSecurityLabels() {
        return securityLabels;
    }

    public void setSecurityLabels(Map<String, String> labels) {
        securityLabels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
