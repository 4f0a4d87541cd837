// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

/** A Secret that a listener or Ingress names for its certificate. Its text never shows the key. */
public sealed interface TlsSecret {
    ObjectKey key();

    /**
     * A certificate with its key; both PEM.
     *
     * @param chain the leaf first
     */
    record KeyPair(ObjectKey key, String chain, String privateKey) implements TlsSecret {
        @Override
        public String toString() {
            return "KeyPair[" + key + "]";
        }
    }

    /** One that can't be served. @param why for people */
    record Broken(ObjectKey key, String why) implements TlsSecret {}
}
