// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** A pod that policies may select. @param labels those of its identity */
public record RuleEndpoint(String podUid, int identity, SecurityLabels labels, SortedSet<NamedPort> namedPorts) {
    public RuleEndpoint {
        namedPorts = Collections.unmodifiableSortedSet(new TreeSet<>((Collection<NamedPort>) namedPorts));
    }
}
