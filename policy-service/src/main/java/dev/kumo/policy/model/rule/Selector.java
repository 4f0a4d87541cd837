// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Selects identities by their labels; every requirement must hold, none means everything. Requirements are sorted. */
public record Selector(List<Requirement> requirements) {
    public Selector {
        requirements = requirements.stream().sorted().distinct().toList();
    }

    public static Selector of(Requirement... requirements) {
        return new Selector(List.of(requirements));
    }

    public boolean matches(SecurityLabels labels) {
        return requirements.stream().allMatch(requirement -> requirement.matches(labels));
    }

    /** This selector narrowed further. */
    public Selector with(Collection<Requirement> more) {
        return new Selector(Stream.concat(requirements.stream(), more.stream()).toList());
    }

    @Override
    public String toString() {
        return requirements.toString();
    }
}
