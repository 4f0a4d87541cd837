// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;

/** A ReferenceGrant: objects of its namespace that others may refer to. */
public record ReferenceGrantView(ObjectKey key, List<From> from, List<To> to) {
    public record From(String group, String kind, String namespace) {}

    /** @param name empty means each of the kind */
    public record To(String group, String kind, String name) {}

    /** Whether it lets routes of a namespace refer to an object. */
    public boolean allows(From referrer, To object, String namespace) {
        return key.namespace().equals(namespace)
                && from.contains(referrer)
                && to.stream()
                        .anyMatch(to -> to.group().equals(object.group())
                                && to.kind().equals(object.kind())
                                && (to.name().isEmpty() || to.name().equals(object.name())));
    }
}
