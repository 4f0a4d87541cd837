// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

/** A device appeared or changed, or ({@code removed}) is gone. */
public record LinkEvent(Link link, boolean removed) {}
