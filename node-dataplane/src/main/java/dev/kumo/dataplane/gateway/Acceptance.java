// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.contract.envoy.v1.ResourceState;

/**
 * How this node's Envoy took a resource.
 *
 * @param accepted hash of the item that it goes by; 0 for none
 * @param refused hash of one that it refused, with its reason; 0 and empty for none
 */
record Acceptance(long accepted, long refused, String message) {
    static final Acceptance NONE = new Acceptance(0, 0, "");

    static Acceptance of(long hash) {
        return new Acceptance(hash, 0, "");
    }

    /** An earlier content stays in force, unless it is the same that is refused now. */
    Acceptance refusing(long hash, String why) {
        return new Acceptance(accepted == hash ? 0 : accepted, hash, why);
    }

    /** The answer on what it is now is still to come. */
    Acceptance waiting() {
        return new Acceptance(accepted, 0, "");
    }

    ResourceState state(String node, String key) {
        return ResourceState.newBuilder()
                .setNode(node)
                .setKey(key)
                .setAccepted(accepted)
                .setRefused(refused)
                .setMessage(message)
                .build();
    }
}
