// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What policy-service says of an endpoint. Identity 0: nothing, so it has no network. */
@RegisterForReflection
public record Security(int identity, int classNumber) {
    public static final Security NONE = new Security(0, 0);

    /** Whether the endpoint may have network at all. */
    public boolean known() {
        return identity != 0;
    }
}
