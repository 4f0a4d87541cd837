// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.ServiceView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the lab is to show between the pods of {@link World}: their objects, and sets of policies with each pair's verdict. */
final class LabPairs {
    private static final String OWN_LABEL = "k8s:(app|tier)";
    private static final Map<String, int[]> WAYS = new LinkedHashMap<>();

    static {
        Stream.of(53, 80, 8080, 9090).forEach(port -> WAYS.put("tcp/" + port, new int[] {6, port}));
        Stream.of(53, 80).forEach(port -> WAYS.put("udp/" + port, new int[] {17, port}));
        WAYS.put("icmp/8", new int[] {1, 8});
    }

    private final World world = new World();

    /** Pods, Services and address groups: what policies may name. */
    Map<String, Object> cluster() {
        return Map.of(
                "pods", world.pods.stream().map(LabPairs::pod).toList(),
                "services", World.SERVICES.stream().map(LabPairs::service).toList(),
                "groups", World.GROUPS);
    }

    private static Map<String, Object> pod(World.Party.Pod pod) {
        var labels = new TreeMap<String, String>();
        pod.labels().forEach((key, value) -> {
            if (key.matches(OWN_LABEL)) {
                labels.put(key.substring("k8s:".length()), value);
            }
        });
        return Map.of(
                "name", pod.uid(),
                "namespace", pod.namespace(),
                "team", pod.labels().get("k8s:" + NaiveEvaluator.NAMESPACE_LABELS + "team"),
                "labels", labels,
                "ports", pod.ports());
    }

    private static Map<String, Object> service(ServiceView service) {
        return Map.of(
                "name", service.name(),
                "namespace", service.namespace(),
                "kind", service.labels().byKey().get("k8s:kind"),
                "selector", service.podSelector(),
                "addresses", service.addresses().stream().map(Object::toString).toList());
    }

    /** Policies of the seed and what they mean: by way a line a source, in it a letter a destination, in the order of the pods. */
    Map<String, Object> set(int seed) {
        var random = new Random(seed);
        List<HasMetadata> policies = new RandomPolicies(random).some();
        var request = LabRequest.some(random);
        var naive = new NaiveEvaluator(policies);
        var verdicts = new LinkedHashMap<String, List<String>>();
        WAYS.forEach((name, way) -> {
            var lines = new ArrayList<String>();
            for (var source : world.pods) {
                var line = new StringBuilder();
                for (var destination : world.pods) {
                    line.append(verdict(
                            request,
                            naive.decide(
                                    new NaiveEvaluator.Flow(source, Direction.EGRESS, destination, way[0], way[1])),
                            naive.decide(
                                    new NaiveEvaluator.Flow(destination, Direction.INGRESS, source, way[0], way[1]))));
                }
                lines.add(line.toString());
            }
            verdicts.put(name, lines);
        });
        return Map.of("seed", seed, "policies", policies, "request", request, "verdicts", verdicts);
    }

    /** a: answered, f: 403, d: nothing comes back, u: the client's Envoy accepts but can't reach the server. */
    private static char verdict(LabRequest request, Decision egress, Decision ingress) {
        if (egress.kind() == Decision.Kind.DENY) {
            return 'd';
        }
        boolean accepted = egress.kind() == Decision.Kind.FILTER;
        if (accepted && !request.passes(egress)) {
            return 'f';
        }
        return switch (ingress.kind()) {
            case DENY -> accepted ? 'u' : 'd';
            case FILTER -> request.passes(ingress) ? 'a' : 'f';
            case ALLOW -> 'a';
        };
    }
}
