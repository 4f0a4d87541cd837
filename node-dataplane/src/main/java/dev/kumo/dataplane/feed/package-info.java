// SPDX-License-Identifier: Apache-2.0
/** The node's subscriptions: where the replicas are, what they send, how far the node has come with it. */
@NullMarked
package dev.kumo.dataplane.feed;

import org.jspecify.annotations.NullMarked;
