// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.ServiceView;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.SortedMap;

/**
 * The addresses of a Service that are to be announced.
 *
 * @param addresses by address the policies that name it, sorted by name; none for one that only stays as it is
 * @param policies that name any of its addresses, refused ones as well
 * @param stays whether its Lease is left as it is, since a policy that may mean it can't be read, or somebody else has it
 */
record Coverage(
        ServiceView service, SortedMap<IPAddress, List<Policy>> addresses, List<Policy> policies, boolean stays) {}
