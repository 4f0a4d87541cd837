// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Addresses from which Services of type LoadBalancer get theirs. */
@Group("cilium.io")
@Version("v2")
@Plural("ciliumloadbalancerippools")
@ShortNames({"ippools", "ippool", "lbippool", "lbippools"})
@Categories("cilium")
@AdditionalPrinterColumn(name = "Disabled", type = AdditionalPrinterColumn.Type.BOOLEAN, jsonPath = ".spec.disabled")
@AdditionalPrinterColumn(
        name = "Conflicting",
        jsonPath = ".status.conditions[?(@.type==\"cilium.io/PoolConflict\")].status")
@AdditionalPrinterColumn(
        name = "IPs Available",
        jsonPath = ".status.conditions[?(@.type==\"cilium.io/IPsAvailable\")].message")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumLoadBalancerIPPool extends CustomResource<LoadBalancerIpPoolSpec, LoadBalancerIpPoolStatus> {
    @Override
    protected @Nullable LoadBalancerIpPoolSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable LoadBalancerIpPoolStatus initStatus() {
        return null;
    }
}
