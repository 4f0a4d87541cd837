// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Whose sandbox it is, as the kubelet says. */
@RegisterForReflection
public record Pod(String uid, String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
