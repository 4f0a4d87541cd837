// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.DefaultDeny;
import dev.kumo.policy.crd.Rule;
import dev.kumo.policy.model.rule.Direction;
import dev.kumo.policy.model.rule.PolicyId;
import dev.kumo.policy.model.rule.PolicyRule;
import dev.kumo.policy.model.rule.RuleElement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One rule of Cilium's kinds. */
final class CiliumRuleParser {
    private final PolicyId policy;
    private final List<String> notes;
    private final List<RuleElement> elements = new ArrayList<>();
    private final List<RuleElement> refusedDenies = new ArrayList<>();
    private final Set<Direction> named = EnumSet.noneOf(Direction.class);

    CiliumRuleParser(PolicyId policy, List<String> notes) {
        this.policy = policy;
        this.notes = notes;
    }

    /** Empty if it can't be told whom the rule is for. */
    Optional<PolicyRule> parse(int index, Rule rule, FieldPath path) {
        int before = path.problems().size();
        path.field("nodeSelector").refuseIfPresent(rule.nodeSelector(), "policies of nodes are not supported");
        if (rule.endpointSelector() == null) {
            if (rule.nodeSelector() == null) {
                path.invalid("endpointSelector must be given");
            }
            return Optional.empty();
        }
        var at = path.field("endpointSelector");
        var requirements = SelectorParser.cilium().parse(rule.endpointSelector(), at);
        if (path.problems().size() > before) {
            return Optional.empty();
        }
        var scope = PeerScope.of(policy.namespace(), requirements);
        if (scope.isForeign(requirements)) {
            notes.add(at.text() + ": the rule is for its own namespace only");
        }
        parseElements(rule, scope, path);
        boolean refused = path.problems().size() > before;
        return Optional.of(new PolicyRule(
                policy,
                index,
                scope.subject(requirements),
                isDefaultDeny(Direction.INGRESS, rule.enableDefaultDeny(), refused),
                isDefaultDeny(Direction.EGRESS, rule.enableDefaultDeny(), refused),
                refused ? denies() : elements));
    }

    private void parseElements(Rule rule, PeerScope scope, FieldPath path) {
        each(rule.ingress(), ElementFields::of, ElementFields.Kind.INGRESS, scope, path);
        each(rule.ingressDeny(), ElementFields::of, ElementFields.Kind.INGRESS_DENY, scope, path);
        each(rule.egress(), ElementFields::of, ElementFields.Kind.EGRESS, scope, path);
        each(rule.egressDeny(), ElementFields::of, ElementFields.Kind.EGRESS_DENY, scope, path);
        if (Stream.of(rule.ingress(), rule.ingressDeny(), rule.egress(), rule.egressDeny())
                .allMatch(list -> list == null)) {
            path.invalid("at least one of ingress, ingressDeny, egress and egressDeny must be given");
        }
    }

    private <T> void each(
            @Nullable List<T> items,
            Function<T, ElementFields> fields,
            ElementFields.Kind kind,
            PeerScope scope,
            FieldPath path) {
        var list = path.field(kind.field());
        if (items != null && items.isEmpty()) {
            notes.add(list.text() + ": an empty list has no effect; [{}] denies by default");
        }
        list.forEach(items, (item, value) -> {
            named.add(kind.direction());
            int before = path.problems().size();
            elements.addAll(ElementParser.parse(fields.apply(value), scope, item));
            if (kind.isDeny() && path.problems().size() > before) {
                refusedDenies.add(RuleElement.denyAll(kind.direction()));
            }
        });
    }

    /** A refused rule allows nothing; of what it denies a refused part may have been anything. */
    private List<RuleElement> denies() {
        return Stream.concat(elements.stream().filter(RuleElement::deny), refusedDenies.stream())
                .toList();
    }

    private boolean isDefaultDeny(Direction direction, @Nullable DefaultDeny chosen, boolean refused) {
        var choice = chosen == null
                ? Optional.<Boolean>empty()
                : Optional.ofNullable(direction == Direction.INGRESS ? chosen.ingress() : chosen.egress());
        return (refused && named.contains(direction)) || choice.orElse(named.contains(direction));
    }
}
