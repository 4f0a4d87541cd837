// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.bpf.map.Frontend;
import dev.kumo.dataplane.bpf.map.FrontendKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a plan as YAML, one line a fact, for people to compare. */
final class PlanText {
    private PlanText() {}

    static String of(FrontendPlan plan) {
        var text = new StringBuilder("frontends:\n");
        plan.frontends().forEach((key, frontend) -> {
            if (frontend.isMarker()) {
                text.append("  - {%s, drops: other ports}\n".formatted(place(key)));
            } else {
                text.append("  - {%s, for: %s %s%s, to: %s}\n"
                        .formatted(
                                place(key),
                                frontend.origin(),
                                frontend.owner(),
                                flags(frontend),
                                frontend.backends().stream()
                                        .map(PlanText::backend)
                                        .toList()));
            }
        });
        text.append("draining: %s\n"
                .formatted(plan.draining().stream().map(PlanText::backend).toList()));
        text.append("sourceRanges:\n");
        plan.sourceRanges()
                .forEach((owner, ranges) -> text.append("  - {%s: %s}\n"
                        .formatted(
                                owner,
                                ranges.stream()
                                        .map(range -> range.address() + "/" + (range.length() - 96))
                                        .toList())));
        text.append("healthChecks:\n");
        plan.healthChecks()
                .forEach((port, check) -> text.append("  - {port: %d, service: %s/%s, localEndpoints: %d}\n"
                        .formatted(port, check.namespace(), check.name(), check.localEndpoints())));
        text.append("problems:\n");
        plan.problems()
                .forEach(problem -> text.append("  - {%s, reason: %s, message: \"%s\"}\n"
                        .formatted(problem.owner(), problem.reason(), problem.message())));
        return text.toString();
    }

    private static String place(FrontendKey key) {
        String scope = key.scope() == FrontendKey.INTERNAL ? "internal" : "external";
        return key.port() == 0
                ? "%s: %s".formatted(scope, key.address())
                : "%s: '%s:%d/%s'".formatted(scope, key.address(), key.port(), key.protocol() == 6 ? "TCP" : "UDP");
    }

    private static String flags(DesiredFrontend frontend) {
        List<String> names = new ArrayList<>();
        int flags = frontend.flags();
        if ((flags & Frontend.AFFINITY) != 0) {
            names.add("affinity " + frontend.affinitySeconds() + " s");
        }
        if ((flags & Frontend.SOURCE_RANGES) != 0) {
            names.add("source ranges");
        }
        if ((flags & Frontend.LOCAL_BACKENDS) != 0) {
            names.add("local backends");
        }
        if ((flags & Frontend.HOST_PORT) != 0) {
            names.add("host port");
        }
        if ((flags & Frontend.NODE_PORT) != 0) {
            names.add("node port");
        }
        return names.isEmpty() ? "" : ", flags: " + names.toString().toLowerCase(Locale.ROOT);
    }

    private static String backend(Backend backend) {
        return "'%s:%d%s'"
                .formatted(backend.address(), backend.port(), (backend.flags() & Backend.LOCAL) != 0 ? " local" : "");
    }
}
