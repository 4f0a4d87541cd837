// SPDX-License-Identifier: Apache-2.0
/** Taking Kumo out of a cluster: what was generated, the nodes, the manifests, in this order. */
@NullMarked
package dev.kumo.cli.uninstall;

import org.jspecify.annotations.NullMarked;
