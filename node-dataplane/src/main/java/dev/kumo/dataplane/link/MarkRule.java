// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

/**
 * A routing rule for packets that carry a mark.
 *
 * @param device through which they came; empty if any
 */
record MarkRule(int preference, String device, int mark, int mask, int table) {}
