// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.envoy.ListenerPorts;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Prints the frontends that the kernel holds, with who they are for. */
final class ServiceRows {
    private ServiceRows() {}

    static TableView of(
            Map<FrontendKey, Frontend> kernel, Map<FrontendKey, DesiredFrontend> wanted, Collection<Problem> problems) {
        var view = TableView.columns(
                "frontend", "scope", "owner", "origin", "number", "set", "backends", "slot", "problems");
        var keys = new TreeMap<FrontendKey, DesiredFrontend>(FrontendTable.KEYS);
        keys.putAll(wanted);
        keys.forEach((key, frontend) -> {
            if (!frontend.isMarker()) {
                Frontend held = kernel.get(key);
                view.row(
                        "%s:%d/%s".formatted(key.address(), key.port(), key.protocol() == 6 ? "TCP" : "UDP"),
                        key.scope() == FrontendKey.INTERNAL ? "internal" : "external",
                        frontend.owner().toString(),
                        frontend.origin().name(),
                        held == null ? 0 : held.service(),
                        held == null ? 0 : held.set(),
                        frontend.backends().stream().map(ServiceRows::text).toList(),
                        held == null ? "" : ListenerPorts.slotText(held.slot()),
                        problems.stream()
                                .filter(problem -> problem.owner().equals(frontend.owner()))
                                .map(problem -> problem.reason() + ": " + problem.message())
                                .toList());
            }
        });
        return view.build();
    }

    private static String text(Backend backend) {
        String where = (backend.flags() & Backend.LOCAL) != 0 ? " (local)" : "";
        return backend.address() + ":" + backend.port() + where;
    }
}
