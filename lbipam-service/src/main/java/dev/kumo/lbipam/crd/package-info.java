// SPDX-License-Identifier: Apache-2.0
/** The pool of load balancer addresses as the API server stores it; the only source of its CRD. */
@NullMarked
package dev.kumo.lbipam.crd;

import org.jspecify.annotations.NullMarked;
