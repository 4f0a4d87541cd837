// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

/** What the nodes say of one configuration's resources; the message is for people. */
public record Progress(State state, String message) {
    public enum State {
        SERVED,
        PENDING,
        REJECTED
    }
}
