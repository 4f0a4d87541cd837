// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.policy;

import dev.kumo.contract.policy.v1.HeaderMatch;
import dev.kumo.contract.policy.v1.HttpRule;
import dev.kumo.contract.policy.v1.HttpRuleSet;
import dev.kumo.contract.policy.v1.MismatchAction;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns HTTP rules into what Envoy's RBAC filter checks: a request passes if any rule holds, and a rule holds if all that it
 * says does. Regular expressions match whole strings. The path is the request's without its query; the host may be followed
 * by a port. Pure.
 */
final class HttpRules {
    private static final String METHOD = ":method";
    private static final String AUTHORITY = ":authority";
    private static final String ANY_PORT = "(:[0-9]+)?";

    private HttpRules() {}

    /** Lets nothing pass: no policy, no permission. */
    static RBAC denyAll() {
        return RBAC.newBuilder().setAction(RBAC.Action.ALLOW).build();
    }

    /** @throws UnsupportedOperationException if a rule asks for changes of the request rather than for a verdict */
    static RBAC of(HttpRuleSet rules) {
        if (rules.getRulesCount() == 0) {
            return denyAll();
        }
        var policy = Policy.newBuilder().addPrincipals(Principal.newBuilder().setAny(true));
        rules.getRulesList().forEach(rule -> policy.addPermissions(permission(rule)));
        return RBAC.newBuilder()
                .setAction(RBAC.Action.ALLOW)
                .putPolicies("rules", policy.build())
                .build();
    }

    private static Permission permission(HttpRule rule) {
        var all = new ArrayList<Permission>();
        if (!rule.getMethod().isEmpty()) {
            all.add(header(METHOD, regex(rule.getMethod())));
        }
        if (!rule.getPath().isEmpty()) {
            all.add(Permission.newBuilder()
                    .setUrlPath(PathMatcher.newBuilder().setPath(regex(rule.getPath())))
                    .build());
        }
        if (!rule.getHost().isEmpty()) {
            all.add(header(AUTHORITY, regex("(?:" + rule.getHost() + ")" + ANY_PORT)));
        }
        rule.getHeadersList().forEach(header -> all.add(header(header)));
        rule.getHeaderMatchesList().forEach(match -> all.add(header(match)));
        return all(all);
    }

    private static Permission all(List<Permission> permissions) {
        return switch (permissions.size()) {
            case 0 -> Permission.newBuilder().setAny(true).build();
            case 1 -> permissions.getFirst();
            default ->
                Permission.newBuilder()
                        .setAndRules(Permission.Set.newBuilder().addAllRules(permissions))
                        .build();
        };
    }

    private static Permission header(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? present(text.strip())
                : header(
                        text.substring(0, colon).strip(),
                        exact(text.substring(colon + 1).strip()));
    }

    private static Permission header(HeaderMatch match) {
        if (match.getMismatch() != MismatchAction.MISMATCH_ACTION_UNSPECIFIED) {
            throw new UnsupportedOperationException("header %s: %s changes requests, rules only judge them"
                    .formatted(match.getName(), match.getMismatch()));
        }
        return match.getValue().isEmpty() ? present(match.getName()) : header(match.getName(), exact(match.getValue()));
    }

    private static Permission header(String name, StringMatcher value) {
        return Permission.newBuilder()
                .setHeader(HeaderMatcher.newBuilder().setName(name).setStringMatch(value))
                .build();
    }

    private static Permission present(String name) {
        return Permission.newBuilder()
                .setHeader(HeaderMatcher.newBuilder().setName(name).setPresentMatch(true))
                .build();
    }

    private static StringMatcher exact(String value) {
        return StringMatcher.newBuilder().setExact(value).build();
    }

    private static StringMatcher regex(String expression) {
        return StringMatcher.newBuilder()
                .setSafeRegex(RegexMatcher.newBuilder().setRegex(expression))
                .build();
    }
}
