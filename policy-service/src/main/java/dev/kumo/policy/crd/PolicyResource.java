// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the namespaced and the clusterwide policy share: one rule, several, or both; and the state. */
public abstract sealed class PolicyResource extends CustomResource<Rule, PolicyStatus>
        permits CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy {
    @JsonPropertyDescription("Further rules, each as if in an object of its own")
    private @Nullable List<Rule> specs;

    public @Nullable List<Rule> getSpecs() {
        return specs;
    }

    public void setSpecs(@Nullable List<Rule> specs) {
        this.specs = Immutable.list(specs);
    }

    /** Absent until set: a rule has no meaningful default. */
    @Override
    protected @Nullable Rule initSpec() {
        return null;
    }

    @Override
    protected @Nullable PolicyStatus initStatus() {
        return null;
    }
}
