// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the selected endpoints or nodes may exchange, shared by the namespaced and the clusterwide kind. */
@ValidationRule(
        value = "has(self.endpointSelector) != has(self.nodeSelector)",
        message = "exactly one of endpointSelector and nodeSelector must be given")
@ValidationRule(
        value = "has(self.ingress) || has(self.ingressDeny) || has(self.egress) || has(self.egressDeny)",
        message = "at least one of ingress, ingressDeny, egress and egressDeny must be given")
public record Rule(
        @JsonPropertyDescription("Endpoints the rule is for") @Nullable
        LabelSelector endpointSelector,

        @JsonPropertyDescription("Nodes the rule is for; clusterwide only") @Nullable
        LabelSelector nodeSelector,

        @JsonPropertyDescription(
                "Incoming traffic that is allowed; an empty list has no effect, [{}] denies by default")
        @Nullable
        List<IngressRule> ingress,

        @JsonPropertyDescription("Incoming traffic that is denied") @Nullable
        List<IngressDenyRule> ingressDeny,

        @JsonPropertyDescription(
                "Outgoing traffic that is allowed; an empty list has no effect, [{}] denies by default")
        @Nullable
        List<EgressRule> egress,

        @JsonPropertyDescription("Outgoing traffic that is denied") @Nullable
        List<EgressDenyRule> egressDeny,

        @JsonPropertyDescription("Labels of the rule itself") @Nullable
        List<RuleLabel> labels,

        @JsonPropertyDescription("Whether the rule turns on default deny") @Nullable
        DefaultDeny enableDefaultDeny,

        @JsonPropertyDescription("Text for people") @Nullable
        String description,

        @JsonPropertyDescription("What flow records carry") @Nullable
        RuleLog log) {
    /** Copies what it is given. */
    public Rule {
        ingress = Immutable.list(ingress);
        ingressDeny = Immutable.list(ingressDeny);
        egress = Immutable.list(egress);
        egressDeny = Immutable.list(egressDeny);
        labels = Immutable.list(labels);
    }
}
