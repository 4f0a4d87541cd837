// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.app;

import dev.kumo.gateway.plan.Confirmation;
import dev.kumo.gateway.publish.EnvoyItems;
import dev.kumo.gateway.publish.PublishedListener;
import dev.kumo.kube.service.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One sort of objects that the envoy feed is made of; every bean of this type takes part. Planning thread only. */
public interface EnvoyFeedPart {
    /** A plan of what the tables hold now: the same object as before if nothing that plans depend on has changed. */
    Draft draft();

    /** Forgets writes that wait: another replica leads. */
    void resign();

    /** One plan on its way. */
    interface Draft {
        /** Adds what nodes shall have. @return listeners that statuses wait for */
        List<PublishedListener> add(EnvoyItems items);

        /** Of these, names of those that the objects' statuses say are served. */
        Set<String> standing();

        /**
         * Ends the plan: says what comes of it by what nodes say now.
         *
         * @param confirmations by the listener's name
         * @param leading whether this replica writes to Kubernetes
         * @return what cannot be made true
         */
        List<Problem> settle(Map<String, Confirmation> confirmations, boolean leading);
    }
}
