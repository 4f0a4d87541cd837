// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

/** A node. @param ready as its condition Ready says */
public record NodeView(String name, boolean ready) {}
