// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import java.util.List;

/** Opens ports of the node that lead to a pod. Any thread; no I/O. */
public interface PortMappings {
    /** The pod has just these from now on. */
    void set(Address pod, List<PortMapping> ports);

    /** The pod has none any more; nothing happens if it had none. */
    void remove(Address pod);
}
