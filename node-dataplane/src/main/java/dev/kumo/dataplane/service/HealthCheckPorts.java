// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Answers load balancers outside the cluster that ask whether this node has endpoints of a Service. */
public interface HealthCheckPorts {
    /**
     * What to answer from now on; ports that are not named are closed. Returns at once.
     *
     * @param checks by port
     * @param addresses the node's own, each of which answers
     */
    void set(Map<Integer, HealthCheck> checks, Set<Address> addresses);

    /** Ports that could not be opened. */
    Collection<Problem> problems();

    /** Told on any thread after {@link #problems} has changed. */
    void onProblem(Runnable listener);
}
