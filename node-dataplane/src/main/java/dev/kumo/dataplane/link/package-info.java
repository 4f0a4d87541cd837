// SPDX-License-Identifier: Apache-2.0
/**
 * Links, addresses, routes and neighbours of the node and of its pods, over rtnetlink. Knows nothing of feeds or maps.
 */
@NullMarked
package dev.kumo.dataplane.link;

import org.jspecify.annotations.NullMarked;
