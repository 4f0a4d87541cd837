// SPDX-License-Identifier: Apache-2.0
/** Envoy's messages as users write them: decoded, judged against the table of what is allowed, their names qualified. Pure; any thread. */
@NullMarked
package dev.kumo.gateway.envoyconfig.resource;

import org.jspecify.annotations.NullMarked;
