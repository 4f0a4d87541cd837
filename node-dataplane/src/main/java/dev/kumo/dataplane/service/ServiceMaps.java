// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.BackendSlot;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.bpf.map.SourceRangeKey;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import java.util.List;

/** The kernel's maps of Services: frontends name sets, sets name backends, so they are written in the reverse order. */
public record ServiceMaps(
        ReconciledMap<FrontendKey, Frontend> frontends,
        ReconciledMap<BackendSlot, Integer> backendSets,
        ReconciledMap<Integer, Backend> backends,
        ReconciledMap<SourceRangeKey, Integer> sourceRanges) {

    public static ServiceMaps of(Datapath datapath) {
        return new ServiceMaps(
                new ReconciledMap<>(datapath.frontends()),
                new ReconciledMap<>(datapath.backendSets()),
                new ReconciledMap<>(datapath.backends()),
                new ReconciledMap<>(datapath.sourceRanges()));
    }

    /** For metrics. */
    public List<ReconciledMap<?, ?>> all() {
        return List.of(frontends, backendSets, backends, sourceRanges);
    }

    void load() {
        all().forEach(ReconciledMap::load);
    }
}
