// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.plan.rule;

import java.util.List;

/** Lists that may be absent. */
final class NaiveLists {
    private NaiveLists() {}

    static <T> List<T> items(List<T> list) {
        return list == null ? List.of() : list;
    }

    static int size(List<?> list) {
        return list == null ? 0 : list.size();
    }
}
