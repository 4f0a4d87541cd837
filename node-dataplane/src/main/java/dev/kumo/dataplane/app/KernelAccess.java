// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.NodeConfig;
import dev.kumo.dataplane.link.Links;
import java.nio.file.Path;

/** The way into the kernel; apply-loop thread only. */
interface KernelAccess {
    Links openLinks();

    Datapath load(NodeConfig config);

    /** The root of the node's cgroup v2 hierarchy. */
    Path cgroup();
}
