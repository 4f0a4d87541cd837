// SPDX-License-Identifier: Apache-2.0
/**
 * Kubernetes as tables of values, and writing back to it: informers, leader election, status writes, token reviews. The
 * only place that sees informers. Nothing here runs on an event loop: what blocks has a named platform thread.
 */
@NullMarked
package dev.kumo.kube;

import org.jspecify.annotations.NullMarked;
