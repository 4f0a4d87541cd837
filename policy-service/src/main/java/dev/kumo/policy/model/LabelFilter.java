// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which labels make up an identity: all but those that differ from pod to pod or describe machinery. The rules and their
 * precedence are Cilium's defaults (documentation, "Limiting Identity-Relevant Labels"): a label is left out if an excluding
 * rule matches at its start, unless an including one matches a longer part of it.
 */
public final class LabelFilter {
    private static final List<Pattern> INCLUDED = patterns(
            "io\\.kubernetes\\.pod\\.namespace",
            "io\\.cilium\\.k8s\\.namespace\\.labels",
            "app\\.kubernetes\\.io",
            "io\\.cilium\\.k8s\\.policy\\.cluster");
    private static final List<Pattern> EXCLUDED = patterns(
            "io\\.kubernetes",
            "kubernetes\\.io",
            "statefulset\\.kubernetes\\.io/pod-name",
            "apps\\.kubernetes\\.io/pod-index",
            "batch\\.kubernetes\\.io/job-completion-index",
            "batch\\.kubernetes\\.io/controller-uid",
            ".*beta\\.kubernetes\\.io",
            "k8s\\.io",
            "pod-template-generation",
            "pod-template-hash",
            "controller-revision-hash",
            "annotation.*",
            "controller-uid",
            "etcd_node");

    private LabelFilter() {}

    /** The labels that count, of those given; a namespace's keys are judged with their prefix. */
    public static SortedMap<String, String> relevant(Map<String, String> labels, String prefix) {
        var relevant = new TreeMap<>(labels);
        relevant.keySet().removeIf(key -> !isIdentityRelevant(prefix + key));
        return relevant;
    }

    /** @param key without its source */
    static boolean isIdentityRelevant(String key) {
        int included =
                INCLUDED.stream().mapToInt(rule -> matched(rule, key)).max().orElse(0);
        int excluded = EXCLUDED.stream()
                .mapToInt(rule -> matched(rule, key))
                .filter(length -> length > 0)
                .min()
                .orElse(0);
        return excluded == 0 || included > excluded;
    }

    /** How much of the key's start the rule matches. */
    private static int matched(Pattern rule, String key) {
        var matcher = rule.matcher(key);
        return matcher.lookingAt() ? matcher.end() : 0;
    }

    private static List<Pattern> patterns(String... rules) {
        return List.of(rules).stream().map(Pattern::compile).toList();
    }
}
