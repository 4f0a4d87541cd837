// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.dataplane.bpf.Datapath;
import dev.kumo.dataplane.bpf.KernelMap;
import dev.kumo.dataplane.bpf.MapOfMaps;
import dev.kumo.dataplane.bpf.map.PolicyClass;
import dev.kumo.dataplane.bpf.map.PolicyEntry;
import dev.kumo.dataplane.bpf.map.PolicyKey;
import dev.kumo.dataplane.bpf.map.SlotPort;

/** The kernel's maps of policy. */
public record PolicyMaps(
        KernelMap<Integer, PolicyClass> classes,
        MapOfMaps<Integer, PolicyKey, PolicyEntry> policies,
        KernelMap<Integer, SlotPort> slots) {
    public static PolicyMaps of(Datapath datapath) {
        return new PolicyMaps(datapath.classes(), datapath.policies(), datapath.slots());
    }
}
