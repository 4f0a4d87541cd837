// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.SortedMap;

/** A namespace's labels. */
public record NamespaceView(String name, SortedMap<String, String> labels) {}
