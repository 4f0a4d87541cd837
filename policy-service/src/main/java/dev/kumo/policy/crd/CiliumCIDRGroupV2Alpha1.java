// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** The version of CiliumCIDRGroup that clients before v2 ask for; the same content. */
@Group("cilium.io")
@Version(value = "v2alpha1", storage = false, deprecated = true)
@Kind("CiliumCIDRGroup")
@Plural("ciliumcidrgroups")
@ShortNames("ccg")
@Categories("cilium")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumCIDRGroupV2Alpha1 extends CustomResource<CidrGroupSpec, Void> {
    @Override
    protected @Nullable CidrGroupSpec initSpec() {
        return null;
    }
}
