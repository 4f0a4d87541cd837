// SPDX-License-Identifier: Apache-2.0
/** Envoy configurations and Gateway class settings as the API server stores them; the only source of their CRDs. */
@NullMarked
package dev.kumo.gateway.crd;

import org.jspecify.annotations.NullMarked;
