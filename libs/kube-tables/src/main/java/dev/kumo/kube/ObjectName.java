// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;

/** Names an object among those of its type; the namespace of a cluster-wide one is empty. */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {
    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::namespace).thenComparing(ObjectName::name);

    public static ObjectName of(HasMetadata resource) {
        var namespace = resource.getMetadata().getNamespace();
        return new ObjectName(
                namespace == null ? "" : namespace, resource.getMetadata().getName());
    }

    @Override
    public int compareTo(ObjectName other) {
        return ORDER.compare(this, other);
    }

    /** {@code namespace/name}, or the name alone. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
