// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan;

/** Prints a plan as YAML, one line a fact, for people to compare. */
final class PlanText {
    private PlanText() {}

    static String of(PolicyPlan plan) {
        var text = new StringBuilder("nodes:\n");
        plan.nodes()
                .values()
                .forEach(node -> text.append("  %s: {internal: %s, external: %s, podRanges: %s}\n"
                        .formatted(node.name(), node.internalAddresses(), node.externalAddresses(), node.podRanges())));
        text.append("identities:\n");
        plan.identities().forEach((number, labels) -> text.append("  %d: \"%s\"\n".formatted(number, labels)));
        text.append("endpoints:\n");
        plan.endpoints()
                .values()
                .forEach(endpoint ->
                        text.append("  %s: {pod: %s/%s, node: %s, address: %s, identity: %d, installed: %s}\n"
                                .formatted(
                                        endpoint.podUid(),
                                        endpoint.namespace(),
                                        endpoint.pod(),
                                        endpoint.node(),
                                        endpoint.address(),
                                        endpoint.identity(),
                                        endpoint.installed())));
        text.append("missing:\n");
        plan.missing().forEach((number, labels) -> text.append("  %d: \"%s\"\n".formatted(number, labels)));
        text.append("unused: %s\nproblems:\n".formatted(plan.unused()));
        plan.problems()
                .forEach(problem -> text.append("  - {object: %s, reason: %s, message: \"%s\"}\n"
                        .formatted(problem.object(), problem.reason(), problem.message())));
        return text.toString();
    }
}
