// SPDX-License-Identifier: Apache-2.0
/**
 * The frame that the four control services share: configuration, wiring, the stages from a change to a published snapshot,
 * health, metrics, state for people. A service brings its {@link dev.kumo.kube.service.FeedSource} and its tables.
 */
@NullMarked
package dev.kumo.kube.service;

import org.jspecify.annotations.NullMarked;
