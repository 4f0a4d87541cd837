// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A meta/v1 LabelSelector as written; empty selects everything. */
public record SelectorView(SortedMap<String, String> matchLabels, List<Expression> matchExpressions) {
    public SelectorView {
        matchLabels = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) matchLabels));
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** @param operator {@code In}, {@code NotIn}, {@code Exists} or {@code DoesNotExist} */
    public record Expression(String key, String operator, List<String> values) {
        public Expression {
            values = List.copyOf(values);
        }
    }
}
