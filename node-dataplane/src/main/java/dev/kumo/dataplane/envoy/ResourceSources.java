// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.envoy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Joins several sources of what Envoy is to hold, each with names of its own. Nothing is passed on before all have spoken:
 * an Envoy that outlived the dataplane would drop what the others have not told of yet. Apply-loop thread only.
 */
public final class ResourceSources {
    private record Change(List<EnvoyResource> upserts, List<ResourceName> removes) {}

    private final Publisher target;
    private final List<Change> heldBack = new ArrayList<>();
    private int silent;

    public ResourceSources(Publisher target) {
        this.target = target;
    }

    /** One more source; its first call counts as its word, though it be of nothing. */
    public Publisher add() {
        silent++;
        return new Publisher() {
            private boolean spoke;

            @Override
            public void publish(Collection<EnvoyResource> upserts, Collection<ResourceName> removes) {
                heldBack.add(new Change(List.copyOf(upserts), List.copyOf(removes)));
                if (!spoke) {
                    spoke = true;
                    silent--;
                }
                passOn();
            }
        };
    }

    /** What was held back goes out as one change. */
    private void passOn() {
        if (silent > 0) {
            return;
        }
        if (heldBack.size() == 1) {
            target.publish(heldBack.getFirst().upserts(), heldBack.getFirst().removes());
        } else {
            var joined = new TreeMap<ResourceName, EnvoyResource>();
            var removed = new TreeSet<ResourceName>();
            for (var change : heldBack) {
                change.removes().forEach(joined::remove);
                removed.addAll(change.removes());
                change.upserts().forEach(resource -> {
                    removed.remove(resource.name());
                    joined.put(resource.name(), resource);
                });
            }
            target.publish(joined.values(), removed);
        }
        heldBack.clear();
    }
}
