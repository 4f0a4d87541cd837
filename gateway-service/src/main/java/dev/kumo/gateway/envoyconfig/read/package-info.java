// SPDX-License-Identifier: Apache-2.0
/** Reads CiliumEnvoyConfigs and CiliumClusterwideEnvoyConfigs, and writes their statuses as Kubernetes stores them. Stateless. */
@NullMarked
package dev.kumo.gateway.envoyconfig.read;

import org.jspecify.annotations.NullMarked;
