// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Peer;
import java.util.List;
import java.util.SortedSet;

/**
 * Whom the peers of an element are.
 *
 * @param any everybody
 * @param identities by number, world (2) and with it every outside address among them
 * @param blocks outside addresses
 */
record PeerSet(boolean any, SortedSet<Integer> identities, List<Peer.Cidr> blocks) {}
