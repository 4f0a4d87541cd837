// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.crd;

/** What is done to a request whose header does not match, instead of refusing it. */
public enum HeaderMismatch {
    LOG,
    ADD,
    DELETE,
    REPLACE
}
