// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.model.rule;

import dev.kumo.policy.model.SecurityLabels;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Identities that every cluster has, with Cilium's numbers and labels. */
public enum ReservedIdentity {
    HOST(1, "host"),
    /** Every address that is neither pod nor node, unless a block of the class holds it. */
    WORLD(2, "world"),
    UNMANAGED(3, "unmanaged"),
    HEALTH(4, "health"),
    INIT(5, "init"),
    REMOTE_NODE(6, "remote-node"),
    /** A remote node, too: API servers run on nodes. */
    KUBE_APISERVER(7, "kube-apiserver", "remote-node"),
    INGRESS(8, "ingress");

    private final int number;
    private final SecurityLabels labels;

    ReservedIdentity(int number, String... names) {
        this.number = number;
        var byKey = new TreeMap<String, String>();
        Arrays.stream(names).forEach(name -> byKey.put(Requirement.RESERVED + ":" + name, ""));
        this.labels = SecurityLabels.of(byKey);
    }

    public int number() {
        return number;
    }

    public SecurityLabels labels() {
        return labels;
    }

    /** All of them and these, by number. */
    public static SortedMap<Integer, SecurityLabels> and(Map<Integer, SecurityLabels> identities) {
        var all = new TreeMap<>(identities);
        Arrays.stream(values()).forEach(reserved -> all.put(reserved.number, reserved.labels));
        return Collections.unmodifiableSortedMap(all);
    }
}
