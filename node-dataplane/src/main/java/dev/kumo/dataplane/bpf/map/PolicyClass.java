// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A policy class that is in force; its rules are an inner map of {@code policies}.
 *
 * @param revision of the rules, unique on this node: a connection that was judged under another one is judged again
 * @param flags sum of the constants; in a direction without its flag every flow passes
 */
@RegisterForReflection
public record PolicyClass(long revision, int flags) {
    public static final int ENFORCE_INGRESS = 1;
    public static final int ENFORCE_EGRESS = 2;
}
