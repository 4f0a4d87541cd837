// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A Service as destination; its endpoints are the peers. One of the two fields. */
public record ServiceReference(
        @JsonPropertyDescription("One Service") @Nullable ServiceByName k8sService,

        @JsonPropertyDescription("Services by their labels") @Nullable
        ServiceBySelector k8sServiceSelector) {}
