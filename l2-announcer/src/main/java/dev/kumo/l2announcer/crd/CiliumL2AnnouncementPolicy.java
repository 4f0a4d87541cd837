// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Has nodes answer for Service addresses on the local network. */
@Group("cilium.io")
@Version("v2alpha1")
@Plural("ciliuml2announcementpolicies")
@ShortNames("l2announcement")
@Categories("cilium")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public final class CiliumL2AnnouncementPolicy
        extends CustomResource<L2AnnouncementPolicySpec, L2AnnouncementPolicyStatus> {
    @Override
    protected @Nullable L2AnnouncementPolicySpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable L2AnnouncementPolicyStatus initStatus() {
        return null;
    }
}
