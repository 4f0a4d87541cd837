// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.Holder;
import inet.ipaddr.IPAddress;
import java.util.SortedMap;

/**
 * A node that is selected for all addresses of a group and has a link for each.
 *
 * @param serves whether it has what the Services need on it: a backend, or Envoy
 * @param ready the Node's condition
 */
record Candidate(String node, SortedMap<IPAddress, Holder> holders, boolean serves, boolean ready) {}
