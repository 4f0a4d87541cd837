// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import dev.kumo.gateway.model.HttpRouteView;
import dev.kumo.gateway.plan.HttpListener.Entry;
import java.util.List;
import java.util.SortedMap;

/**
 * A route with its references resolved.
 *
 * @param entries in the order of its rules and their matches
 * @param clusters that the entries name, by name
 * @param unresolved references that can't be served, each once
 */
record PlannedRoute(
        HttpRouteView view, List<Entry> entries, SortedMap<String, BackendCluster> clusters, List<Fault> unresolved) {}
