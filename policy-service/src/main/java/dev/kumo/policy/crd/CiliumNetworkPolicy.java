// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Rules for endpoints of the namespace the object is in. */
@Group("cilium.io")
@Version("v2")
@Plural("ciliumnetworkpolicies")
@ShortNames({"cnp", "ciliumnp"})
@Categories({"cilium", "ciliumpolicy"})
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Valid", jsonPath = ".status.conditions[?(@.type=='Valid')].status")
@ValidationRule(value = "has(self.spec) || has(self.specs)", message = "spec or specs must be provided")
@ValidationRule(
        value = "!has(self.spec) || !has(self.spec.nodeSelector)",
        message = "nodeSelector belongs to CiliumClusterwideNetworkPolicy",
        fieldPath = ".spec.nodeSelector")
public final class CiliumNetworkPolicy extends PolicyResource implements Namespaced {}
