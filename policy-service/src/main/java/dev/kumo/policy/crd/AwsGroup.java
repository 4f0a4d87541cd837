// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** EC2 machines by tag, security group and region. */
public record AwsGroup(
        @JsonPropertyDescription("Tags the machine carries") @Nullable
        Map<String, String> labels,

        @JsonPropertyDescription("Ids of security groups") @Nullable
        List<String> securityGroupsIds,

        @JsonPropertyDescription("Names of security groups") @Nullable
        List<String> securityGroupsNames,

        @JsonPropertyDescription("Region of the machines") @Nullable
        String region) {
    /** Copies what it is given. */
    public AwsGroup {
        labels = Immutable.map(labels);
        securityGroupsIds = Immutable.list(securityGroupsIds);
        securityGroupsNames = Immutable.list(securityGroupsNames);
    }
}
