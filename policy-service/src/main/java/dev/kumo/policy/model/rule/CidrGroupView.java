// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** A CiliumCIDRGroup. @param labels its own, source {@code k8s} */
public record CidrGroupView(String name, SecurityLabels labels, SortedSet<CidrBlock> blocks) {
    public CidrGroupView {
        blocks = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<CidrBlock>) blocks));
    }
}
