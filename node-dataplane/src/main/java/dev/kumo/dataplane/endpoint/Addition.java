// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import java.util.List;

/**
 * What an ADD asks for.
 *
 * @param netns the file that stands for the sandbox's network namespace
 */
public record Addition(Attachment attachment, Pod pod, String netns, List<PortMapping> ports) {
    public Addition {
        ports = List.copyOf(ports);
    }

    /** Whether an interface is just what is asked for here. */
    boolean isMet(PodEndpoint endpoint) {
        return endpoint.ready()
                && endpoint.attachment().equals(attachment)
                && endpoint.pod().equals(pod)
                && endpoint.place().netns().equals(netns)
                && endpoint.ports().equals(ports);
    }
}
