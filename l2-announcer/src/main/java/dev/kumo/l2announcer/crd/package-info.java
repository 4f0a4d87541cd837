// SPDX-License-Identifier: Apache-2.0
/** The announcement policy as the API server stores it; the only source of its CRD. */
@NullMarked
package dev.kumo.l2announcer.crd;

import org.jspecify.annotations.NullMarked;
