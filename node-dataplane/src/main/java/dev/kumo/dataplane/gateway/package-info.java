// SPDX-License-Identifier: Apache-2.0
/**
 * Gateway traffic on this node: the envoy feed's resources as this node's Envoy gets them, with the endpoints of Services from
 * the service feed, and the Services' frontends that Envoy's listeners serve.
 */
@NullMarked
package dev.kumo.dataplane.gateway;

import org.jspecify.annotations.NullMarked;
