// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Settings for Gateways, named by the parametersRef of a GatewayClass. */
@Group("cilium.io")
@Version("v2alpha1")
@Plural("ciliumgatewayclassconfigs")
@ShortNames("cgcc")
@Categories("cilium")
@AdditionalPrinterColumn(name = "Accepted", jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Description", priority = 1, jsonPath = ".spec.description")
public final class CiliumGatewayClassConfig extends CustomResource<GatewayClassConfigSpec, GatewayClassConfigStatus>
        implements Namespaced {
    @Override
    protected @Nullable GatewayClassConfigSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable GatewayClassConfigStatus initStatus() {
        return null;
    }
}
