// SPDX-License-Identifier: Apache-2.0
/**
 * Policy on this node: classes of rules become maps of the kernel, blocks of outside addresses local identities, and slots of
 * HTTP rules listeners of Envoy.
 *
 * <p>The kernel looks a flow up among the rules of its peer, then among those for any peer; the longest match is the verdict.
 * Changes are ordered so that at every moment each flow has its old verdict or its new one, and turns from the one to the
 * other once.
 */
@NullMarked
package dev.kumo.dataplane.policy;

import org.jspecify.annotations.NullMarked;
