// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.KernelFilesystem;
import dev.kumo.dataplane.bpf.NodeConfig;
import dev.kumo.dataplane.link.KernelLinks;
import dev.kumo.dataplane.link.Links;
import java.nio.file.Path;

/** This node's kernel: file systems are mounted where they are missing. */
final class Kernel implements KernelAccess {
    private final DataplaneConfig.Paths paths;

    Kernel(DataplaneConfig.Paths paths) {
        this.paths = paths;
    }

    @Override
    public Links openLinks() {
        return new KernelLinks();
    }

    @Override
    public Datapath load(NodeConfig config) {
        KernelFilesystem.BPF.ensureAt(paths.bpf());
        return Datapath.load(paths.objects(), paths.bpf().resolve("kumo"), config);
    }

    @Override
    public Path cgroup() {
        var root = paths.run().resolve("cgroup2");
        KernelFilesystem.CGROUP2.ensureAt(root);
        return root;
    }
}
