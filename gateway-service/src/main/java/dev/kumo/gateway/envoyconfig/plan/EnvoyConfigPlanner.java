// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.plan;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.SERVICE_CLAIMED;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.SERVICE_NOT_FOUND;

import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView.Frontend;
import dev.kumo.gateway.envoyconfig.model.NodeSelector;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ServiceView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides which configuration has which frontend: a Gateway's or Ingress's own Service stays theirs; of two configurations the
 * older one has it, and the other one says so. Stateless; any thread; the order of the inputs doesn't matter.
 */
public final class EnvoyConfigPlanner {
    /** @return by key */
    public List<PlannedEnvoyConfig> plan(EnvoyConfigInputs inputs) {
        return new Planning(inputs).plan();
    }

    private static final class Planning {
        private final EnvoyConfigInputs inputs;
        private final Map<ObjectKey, ServiceView> services;
        /** Frontend → title of the object that has it. */
        private final Map<FrontendKey, String> taken;

        private Planning(EnvoyConfigInputs inputs) {
            this.inputs = inputs;
            this.services = inputs.services().stream().collect(Collectors.toMap(ServiceView::key, Function.identity()));
            this.taken = new HashMap<>(inputs.claimed());
        }

        List<PlannedEnvoyConfig> plan() {
            return inputs.configs().stream()
                    .sorted(EnvoyConfigView.AGE)
                    .map(this::plan)
                    .sorted(Comparator.comparing(planned -> planned.view().key()))
                    .toList();
        }

        private PlannedEnvoyConfig plan(EnvoyConfigView view) {
            var unresolved = new TreeSet<EnvoyConfigFault>();
            var redirects = new TreeMap<FrontendKey, String>();
            var endpoints = new TreeMap<String, String>();
            if (view.faults().isEmpty()) {
                for (int i = 0; i < view.services().size(); i++) {
                    redirect(view, i, redirects, unresolved);
                }
                var backends = new BackendPorts(view.listed(), services);
                view.clusters()
                        .forEach(cluster ->
                                endpoints.put(cluster.cluster(), backends.serviceName(cluster.backend(), unresolved)));
            }
            return new PlannedEnvoyConfig(
                    view,
                    view.selector().map(this::nodes),
                    Collections.unmodifiableSortedMap(redirects),
                    Collections.unmodifiableSortedMap(endpoints),
                    List.copyOf(unresolved));
        }

        private void redirect(
                EnvoyConfigView view,
                int index,
                SortedMap<FrontendKey, String> redirects,
                SortedSet<EnvoyConfigFault> unresolved) {
            var frontend = view.services().get(index);
            var path = "services[%d]".formatted(index);
            var service = services.get(frontend.service());
            if (service == null) {
                unresolved.add(
                        new EnvoyConfigFault(SERVICE_NOT_FOUND, path, "there is no Service " + frontend.service()));
                return;
            }
            for (int port : ports(frontend, service, path, unresolved)) {
                var key = new FrontendKey(frontend.service(), port);
                var other = taken.putIfAbsent(key, view.title());
                if (other == null) {
                    redirects.put(key, frontend.listener());
                } else {
                    unresolved.add(new EnvoyConfigFault(
                            SERVICE_CLAIMED,
                            path,
                            "port %d of Service %s is %s's".formatted(port, key.service(), owner(other, view))));
                }
            }
        }

        private static String owner(String other, EnvoyConfigView view) {
            return other.equals(view.title()) ? "an earlier entry" : other;
        }

        private static List<Integer> ports(
                Frontend frontend, ServiceView service, String path, SortedSet<EnvoyConfigFault> unresolved) {
            var tcp = BackendPorts.tcp(service).stream()
                    .map(ServiceView.Port::number)
                    .toList();
            var ports = new ArrayList<>(frontend.ports().isEmpty() ? tcp : frontend.ports());
            ports.stream()
                    .filter(port -> !tcp.contains(port))
                    .forEach(port -> unresolved.add(new EnvoyConfigFault(
                            EnvoyConfigReason.PORT_NOT_FOUND,
                            path,
                            "Service %s has no TCP port %d".formatted(service.key(), port))));
            ports.retainAll(tcp);
            return ports;
        }

        private SortedSet<String> nodes(NodeSelector selector) {
            return inputs.nodes().entrySet().stream()
                    .filter(node -> selector.matches(node.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
