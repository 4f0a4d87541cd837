// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import java.util.Collection;

/** Takes the host ports of this node's pods. */
public interface HostPorts {
    /**
     * All host ports of all pods of this node; the latest call wins. Before the first call no frontend is removed, since it
     * could be a host port's. Any thread; returns at once.
     */
    void set(Collection<HostPort> ports);
}
