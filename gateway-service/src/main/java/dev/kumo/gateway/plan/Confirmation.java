// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

/** What nodes say of a listener of Envoy's. */
public sealed interface Confirmation {
    /** Nobody was asked yet. */
    Confirmation UNKNOWN = new Waiting("no node has confirmed it");

    String message();

    /** Those that matter serve it, or all that answer do. */
    record Served(String message) implements Confirmation {}

    record Waiting(String message) implements Confirmation {}

    /** One can't. @param message with the node and its reason */
    record Refused(String message) implements Confirmation {}

    default boolean isServed() {
        return this instanceof Served;
    }
}
