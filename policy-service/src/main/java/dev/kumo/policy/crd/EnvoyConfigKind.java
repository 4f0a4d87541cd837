// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of Envoy configuration a listener may come from. */
public enum EnvoyConfigKind {
    @JsonProperty("CiliumEnvoyConfig")
    CILIUMENVOYCONFIG,
    @JsonProperty("CiliumClusterwideEnvoyConfig")
    CILIUMCLUSTERWIDEENVOYCONFIG
}
