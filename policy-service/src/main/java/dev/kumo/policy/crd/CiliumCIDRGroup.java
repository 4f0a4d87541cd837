// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Address blocks under one name, to which policies refer. */
@Group("cilium.io")
@Version("v2")
@Plural("ciliumcidrgroups")
@ShortNames("ccg")
@Categories("cilium")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumCIDRGroup extends CustomResource<CidrGroupSpec, Void> {
    @Override
    protected @Nullable CidrGroupSpec initSpec() {
        return null;
    }
}
