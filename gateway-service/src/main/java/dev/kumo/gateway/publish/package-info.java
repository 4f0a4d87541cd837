// SPDX-License-Identifier: Apache-2.0
/** From plans to the envoy feed, and from nodes' reports to what is served. */
@NullMarked
package dev.kumo.gateway.publish;

import org.jspecify.annotations.NullMarked;
