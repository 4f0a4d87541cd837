// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.plan;

import dev.kumo.l2announcer.model.NodeView;
import dev.kumo.l2announcer.model.PolicyView;
import dev.kumo.l2announcer.model.ServiceView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A policy as it is followed.
 *
 * @param faults why it isn't followed, by what is wrong; while there is one, what was announced on its behalf stays as it is
 */
record Policy(PolicyView view, List<LinkPattern> links, SortedMap<AnnouncementReason, String> faults) {
    Policy {
        faults = Collections.unmodifiableSortedMap(new TreeMap<>((Map<AnnouncementReason, String>) faults));
    }

    static Policy of(PolicyView view) {
        var faults = new TreeMap<AnnouncementReason, String>();
        new Selector(view.nodeSelector())
                .fault()
                .ifPresent(fault -> faults.put(AnnouncementReason.BAD_NODE_SELECTOR, "nodeSelector: " + fault));
        new Selector(view.serviceSelector())
                .fault()
                .ifPresent(fault -> faults.put(AnnouncementReason.BAD_SERVICE_SELECTOR, "serviceSelector: " + fault));
        var links = new ArrayList<LinkPattern>();
        var bad = new ArrayList<String>();
        for (int i = 0; i < view.interfaces().size(); i++) {
            var regex = view.interfaces().get(i);
            try {
                links.add(LinkPattern.of(regex));
            } catch (IllegalArgumentException e) {
                bad.add("interfaces[%d]: '%s': %s".formatted(i, regex, e.getMessage()));
            }
        }
        if (!bad.isEmpty()) {
            faults.put(AnnouncementReason.BAD_INTERFACE_REGEX, String.join("; ", bad));
        }
        return new Policy(view, List.copyOf(links), faults);
    }

    String name() {
        return view.name();
    }

    boolean isFollowed() {
        return faults.isEmpty();
    }

    /** Of a faulty one: whether it may be meant. */
    boolean mayMean(ServiceView service) {
        return faults.containsKey(AnnouncementReason.BAD_SERVICE_SELECTOR)
                || new Selector(view.serviceSelector()).matches(Selector.labels(service));
    }

    boolean selects(NodeView node) {
        return new Selector(view.nodeSelector()).matches(node.labels());
    }

    boolean selectsLink(String name) {
        return links.isEmpty() || links.stream().anyMatch(pattern -> pattern.matches(name));
    }
}
