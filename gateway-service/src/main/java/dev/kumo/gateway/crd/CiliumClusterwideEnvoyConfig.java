// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Envoy resources for Services of any namespace. */
@Group("cilium.io")
@Version("v2")
@Plural("ciliumclusterwideenvoyconfigs")
@ShortNames("ccec")
@Categories("cilium")
@AdditionalPrinterColumn(name = "Accepted", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(name = "Programmed", jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumClusterwideEnvoyConfig extends CustomResource<EnvoyConfigSpec, EnvoyConfigStatus> {
    @Override
    protected @Nullable EnvoyConfigSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable EnvoyConfigStatus initStatus() {
        return null;
    }
}
