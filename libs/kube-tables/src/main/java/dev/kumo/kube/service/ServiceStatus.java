// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * A control service's state for people, as JSON at {@code /status} of the management port. Never holds a secret.
 *
 * @param tables by name
 * @param problems what cannot be made true, of which object and why
 */
public record ServiceStatus(
        String service,
        String replica,
        boolean leader,
        Build build,
        SortedMap<String, Table> tables,
        Feed feed,
        List<String> problems) {

    /** @param runtime "JVM" or "native" */
    public record Build(String version, String commit, String runtime) {}

    /** @param problems by object: why it could not be read */
    public record Table(boolean synced, int rows, long resourceVersion, SortedMap<String, String> problems) {}

    /**
     * @param items entries of the snapshot that is served; -1 before there is one
     * @param connected nodes with an open subscription
     * @param inSync of these, the nodes that have acknowledged everything
     * @param reporting nodes with an open report stream
     * @param refusals what nodes could not make true: "node: key: REASON: message"
     */
    public record Feed(
            String name,
            boolean serving,
            int items,
            Set<String> connected,
            Set<String> inSync,
            Set<String> reporting,
            List<String> refusals) {}
}
